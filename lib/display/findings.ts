/**
 * What a report says, in words: chosen and phrased from its numbers alone, whatever they are.
 */

import { basename } from 'node:path';
import { isSampleCorpus } from '../config/datasets.js';
import { quantity } from '../core/quantity.js';
import type { Comparison, Report, SystemKind, SystemReport } from '../evaluation/report.js';
import { fieldSentence } from './field-sentence.js';
import { headlineMetric, metricNames } from './figures/metrics.js';
import {
  formatDifference,
  formatDifferenceInterval,
  formatMetric,
  formatProbability,
  formatQuantity,
  formatShare,
  metricLabel,
} from './format.js';
import { lossText } from './loss-text.js';

/** The metric that sentences and the forest plot are about: see headlineMetric. */
export function primaryMetric(report: Pick<Report, 'systems'>): string | null {
  return headlineMetric(metricNames(report.systems));
}

/** The paired difference a - b of a metric, turned round where the report has b - a; null where it has neither. */
export function findComparison(
  report: Pick<Report, 'comparisons'>,
  a: string,
  b: string,
  metric: string,
): Comparison | null {
  for (const found of report.comparisons) {
    if (found.metric !== metric || !Number.isFinite(found.difference)) continue;
    if (found.a === a && found.b === b) return found;
    if (found.a === b && found.b === a)
      return { ...found, a, b, difference: -found.difference, low: -found.high, high: -found.low };
  }
  return null;
}

/** Names of the systems with the highest value of a metric; several where they tie, none where nobody has one. */
export function bestSystems(systems: readonly SystemReport[], metric: string): Set<string> {
  const known = systems.filter(({ metrics }) => Number.isFinite(metrics[metric]?.value));
  const best = Math.max(...known.map(({ metrics }) => metrics[metric]!.value));
  return new Set(known.filter(({ metrics }) => metrics[metric]!.value === best).map(({ name }) => name));
}

/** The comparisons of one metric, in the order of the report. */
export function comparisonsOf(report: Pick<Report, 'comparisons'>, metric: string | null): Comparison[] {
  return report.comparisons.filter((comparison) => comparison.metric === metric);
}

/** What an interval of a difference says about its sign; a tie is the same mean in every resample. */
export type Verdict = 'above' | 'below' | 'undecided' | 'tie';

export function verdict({ low, high }: Pick<Comparison, 'low' | 'high'>): Verdict {
  return low > 0 ? 'above' : high < 0 ? 'below' : low === 0 && high === 0 ? 'tie' : 'undecided';
}

/** The verdicts as words about the interval. */
export const VERDICT_WORDS: Record<Verdict, string> = {
  above: 'above 0',
  below: 'below 0',
  undecided: 'includes 0',
  tie: 'tie',
};

/** One sentence on what fine-tuning did, one on where the result stands against BM25. */
export function keyResult(report: Report): string[] {
  const metric = primaryMetric(report);
  if (metric === null) return ['No system was evaluated.'];
  const tuned = ofKind(report, 'tuned');
  const untuned = ofKind(report, 'untuned');
  const bm25 = ofKind(report, 'bm25');
  const subject = tuned ?? untuned;
  const sentences: string[] = [];
  if (tuned && untuned && report.run?.strength?.strength === 0) {
    sentences.push(
      `No gain on validation: the base is kept, and "tuned" is the untuned encoder, with ${metricLabel(metric)} ${shareOf(untuned, metric)}.`,
    );
  } else if (tuned && untuned) sentences.push(againstUntuned(report, tuned, untuned, metric));
  else sentences.push(bestAlone(report, metric));
  if (subject && bm25) sentences.push(againstBm25(report, subject, bm25, metric));
  return sentences;
}

function ofKind(report: Report, kind: SystemKind): SystemReport | undefined {
  return report.systems.find((system) => system.kind === kind);
}

function againstUntuned(report: Report, tuned: SystemReport, untuned: SystemReport, metric: string): string {
  const values = `${metricLabel(metric)} ${shareOf(tuned, metric)} after fine-tuning, ${shareOf(untuned, metric)} before`;
  const difference = findComparison(report, tuned.name, untuned.name, metric);
  if (!difference) return `${values}; there is no paired comparison of the two.`;
  const sure = probably(difference);
  const claim = {
    above: `Fine-tuning ${sure}improves retrieval`,
    below: `Fine-tuning ${sure}makes retrieval worse`,
    undecided: 'Whether fine-tuning helps stays open',
    tie: 'Fine-tuning changes nothing',
  }[verdict(difference)];
  return `${claim}: ${values}, a difference of ${withInterval(difference)} over ${formatQuantity(report.corpus.queries, 'queries')}.`;
}

function againstBm25(report: Report, system: SystemReport, bm25: SystemReport, metric: string): string {
  const difference = findComparison(report, system.name, bm25.name, metric);
  const name = `the ${system.kind} encoder`;
  if (!difference) return `BM25 has ${shareOf(bm25, metric)}; there is no paired comparison with ${name}.`;
  const sure = probably(difference);
  const claim = {
    above: `${capital(name)} is ${sure}above BM25`,
    below: `${capital(name)} is ${sure}below BM25`,
    undecided: `${capital(name)} and BM25 cannot be told apart`,
    tie: `${capital(name)} and BM25 tie`,
  }[verdict(difference)];
  return `${claim}: ${shareOf(system, metric)} against ${shareOf(bm25, metric)}, a difference of ${withInterval(difference)}.`;
}

function bestAlone(report: Report, metric: string): string {
  const [best, ...tied] = report.systems.filter(({ name }) => bestSystems(report.systems, metric).has(name));
  if (!best) return `No system has a value of ${metricLabel(metric)}.`;
  const names = [best, ...tied].map(({ name }) => name).join(' and ');
  const rank =
    report.systems.length > 1
      ? `${tied.length > 0 ? 'Tied at best' : 'Best'} of ${quantity(report.systems.length, 'systems')}: `
      : '';
  return `${rank}${names} with ${metricLabel(metric)} ${formatMetric(best.metrics[metric])} over ${formatQuantity(report.corpus.queries, 'queries')}.`;
}

/** The interval looks at one comparison, the p value at all pairs of systems: where it has doubts, so has the sentence. */
function probably({ p }: Comparison): string {
  return p >= 0.05 ? 'probably ' : '';
}

function withInterval(comparison: Comparison): string {
  if (verdict(comparison) === 'tie') return `${formatDifference(comparison.difference)} in every resample`;
  return `${formatDifferenceInterval(comparison)} (95 % interval, ${formatProbability(comparison.p)})`;
}

function shareOf(system: SystemReport, metric: string): string {
  return formatShare(system.metrics[metric]?.value);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const SAMPLE_NAMES = new Map([
  ['sample', 'the sample encoder'],
  ['sample-base', 'the sample base encoder'],
  ['sample-general', 'the general sample encoder'],
]);

/** Whether the sample corpus was searched. A BEIR folder has no topics, and leaves the setting of the papers as it is. */
function isSample({ config, corpus }: Pick<Report, 'config' | 'corpus'>): boolean {
  return isSampleCorpus(config.datasets) && Object.keys(corpus.categories).length > 0;
}

/** What a reader must know of the corpus before any number; nothing of real papers. */
export function corpusNote(report: Pick<Report, 'config' | 'corpus'>): string[] {
  if (!isSample(report)) return [];
  return [
    'The sample corpus is synthetic: a program wrote its papers. The numbers show that the experiment works and how systems compare on such texts, not how well they find real papers.',
  ];
}

/** "Retrieval with Qwen/Qwen2.5-0.5B-Instruct on the sample corpus". */
export function reportTitle(report: Report): string {
  const { config, corpus: searched } = report;
  const { model } = config.encoder;
  const { source } = config.datasets;
  const encoder = SAMPLE_NAMES.get(model) ?? model;
  const noTopics = Object.keys(searched.categories).length === 0;
  const corpus = isSample(report)
    ? 'the sample corpus'
    : noTopics
      ? formatQuantity(searched.documents, 'documents')
      : source === 'arxiv'
        ? 'arXiv'
        : basename(source);
  return `Retrieval with ${encoder} on ${corpus}`;
}

/** What was run, in a few sentences. */
export function whatWasRun(report: Report): string {
  const { config, training } = report;
  const { encoder, batches, seed } = config;
  const steps = training?.steps.at(-1)?.step;
  const field = fieldSentence(report);
  const sentences = [
    ...(field === null ? [] : [field]),
    whatIsSearched(report),
    `Encoder: ${encoder.model}, ${encoder.pooling} pooling.`,
  ];
  if (steps !== undefined) {
    const pairs = formatQuantity(batches.pairs * config.training.accumulationSteps, 'pairs');
    sentences.push(
      `Fine-tuned with LoRA (rank ${encoder.lora.rank}) for ${formatQuantity(steps, 'steps')} of ${pairs}, ${lossText(config.training)}.`,
    );
  }
  return [...sentences, `Seed ${seed}.`].join(' ');
}

/** Collections from elsewhere have no topics, and queries that need not be titles. */
function whatIsSearched({ config, corpus }: Report): string {
  const topics = Object.keys(corpus.categories).length;
  if (topics === 0)
    return `${formatQuantity(corpus.queries, 'queries')} searched for among ${formatQuantity(corpus.documents, 'documents')}.`;
  if (corpus.kind === 'pairs')
    return `${formatQuantity(corpus.queries, 'queries')} searched for among ${formatQuantity(corpus.documents, 'documents')} of ${formatQuantity(topics, 'data sets')}.`;
  const scope = config.evaluation.queries === 'main' ? ' of the main topic' : '';
  return `The titles of ${formatQuantity(corpus.queries, 'papers')}${scope} are searched for among ${formatQuantity(corpus.documents, 'abstracts')} of ${formatQuantity(topics, 'topics')}; a title's own abstract is the one relevant document.`;
}
