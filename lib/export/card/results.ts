/** The numbers of a card: what the report of the run says, and what an export costs. */
import {
  formatBytes,
  formatCount,
  formatDifference,
  formatDifferenceInterval,
  formatMetric,
  formatProbability,
  formatQuantity,
  formatShare,
  metricLabel,
} from '../../display/format.js';
import type { Report } from '../../evaluation/report.js';
import type { CardContent } from './content.js';
import { plain, table } from './markdown.js';

/** Metrics that a table has room for, where the report has them. */
const SHOWN = ['success@1', 'mrr@10', 'ndcg@10', 'recall@10'];

export function resultSections(report: Report): string[] {
  return [metricsSection(report), comparisonLines(report), overlapSection(report)].filter((text) => text !== '');
}

function metricsSection({ systems, corpus, config, run }: Report): string {
  const shown = shownMetrics(Object.keys(systems[0]?.metrics ?? {}));
  const rows = systems.map(({ name, metrics }) => [
    plain(name),
    ...shown.map((metric) => formatMetric(metrics[metric])),
  ]);
  const unfinished =
    run && run.state !== 'finished'
      ? `\n\n**The training was unfinished (${run.state} at step ${formatCount(run.step)} of ${formatCount(run.totalSteps)}) when this was measured.**`
      : '';
  const asked =
    corpus.kind === 'pairs'
      ? `${formatQuantity(corpus.queries, 'queries')} ask for their documents`
      : `${formatQuantity(corpus.queries, 'titles')} ask for their own abstracts`;
  return `${asked} among ${formatCount(corpus.documents)} of the ${config.evaluation.split} side, none of which was trained on. Means with 95 % bootstrap intervals; *tuned* is this model.

${table(['system', ...shown.map((metric) => plain(metricLabel(metric)))], rows)}${unfinished}`;
}

function comparisonLines({ comparisons, systems }: Report): string {
  const metric = shownMetrics(Object.keys(systems[0]?.metrics ?? {})).find((name) => name.startsWith('mrr'));
  return comparisons
    .filter((one) => one.metric === metric && (one.a === 'tuned' || one.b === 'tuned'))
    .map(
      (one) =>
        `- ${metricLabel(one.metric)}, ${plain(one.a)} minus ${plain(one.b)}: ${formatDifferenceInterval(one)}, ${formatProbability(one.p)}`,
    )
    .join('\n');
}

function overlapSection({ lexicalOverlap = [] }: Report): string {
  if (lexicalOverlap.length === 0) return '';
  const metric = Object.keys(lexicalOverlap[0]!.metrics).find((name) => name.startsWith('mrr')) ?? '';
  const rows = lexicalOverlap.map(({ third, from, to, system, queries, metrics }) => [
    `${third} (${formatShare(from)} to ${formatShare(to)})`,
    plain(system),
    formatCount(queries),
    formatMetric(metrics[metric]),
  ]);
  return `### By shared words

Queries by the share of their words that their answer has. Where few are shared an encoder has to know what words mean.

${table(['shared words', 'system', 'queries', plain(metricLabel(metric))], rows)}`;
}

function shownMetrics(names: readonly string[]): string[] {
  const known = SHOWN.filter((name) => names.includes(name));
  return known.length > 0 ? known : names.slice(0, SHOWN.length);
}

/** Files of weights, and what rounding them costs. */
export function filesSection({ variants, measures, ofPairs }: CardContent): string {
  const rows = variants.map(({ precision, files, bytes }) => {
    const measured = measures?.variants.find((one) => one.precision === precision);
    return [
      files.length > 3
        ? `\`${files[0]}\` and ${files.length - 1} more`
        : files.map((file) => `\`${file}\``).join('<br>'),
      precision,
      formatBytes(bytes),
      ...(measures ? [formatShare(measured?.mrr), loss(measured), difference(measured?.largestDifference)] : []),
    ];
  });
  const header = [
    'file',
    'precision',
    'size',
    ...(measures ? ['MRR@10', 'against the trained', 'largest difference'] : []),
  ];
  const [asked, searched] = ofPairs ? (['queries', 'documents'] as const) : (['titles', 'abstracts'] as const);
  const how = measures
    ? `\n\nMRR@10 of ${formatQuantity(measures.queries, asked)} over ${formatQuantity(measures.documents, searched)} of the ${measures.split} side, with these files and with the encoder that they were made of; and the largest difference between numbers of their embeddings, which have length 1.`
    : '';
  return table(header, rows) + how;
}

function loss(measured: { mrr: number; reference: number } | undefined): string {
  return measured ? formatDifference(measured.mrr - measured.reference) : '–';
}

function difference(value: number | undefined): string {
  return value === undefined ? '–' : value.toExponential(1);
}
