/**
 * The tables of the report below its plots: metrics, comparisons, what was skipped, lengths, embeddings, times.
 */
import type { Comparison, EmbeddingReport, QuantizationReport, Report, SystemReport } from '../../evaluation/report.js';
import { metricNames } from '../figures/metrics.js';
import { bestSystems, VERDICT_WORDS, verdict } from '../findings.js';
import {
  formatCount,
  formatDifferenceInterval,
  formatDuration,
  formatMetric,
  formatNumber,
  formatPercent,
  formatProbability,
  formatQuantity,
  formatShare,
  metricLabel,
} from '../format.js';
import { inTopicOrder, type SystemLook, systemLooks, type TopicRoles } from '../palette.js';
import { quantizationTable } from '../quantization-table.js';
import { element, escapeText } from '../svg/element.js';
import { type Html, htmlTable, textElement } from './element.js';

/** Systems by metrics; the best value of each metric is bold. */
export function metricSection(systems: readonly SystemReport[]): Html {
  const looks = systemLooks(systems);
  const metrics = metricNames(systems);
  const best = new Map(metrics.map((metric) => [metric, bestSystems(systems, metric)]));
  const columns = [
    { name: 'system' },
    ...metrics.map((metric) => ({ name: metricLabel(metric), align: 'right' as const })),
  ];
  const rows = systems.map((system) => [
    systemName(system.name, looks),
    ...metrics.map((metric) => metricCell(system, metric, best.get(metric)!.has(system.name))),
  ]);
  return htmlTable(columns, rows);
}

function metricCell(system: SystemReport, metric: string, best: boolean): Html {
  const value = system.metrics[metric];
  const [number = '', interval] = formatMetric(value).split(/ (?=\[)/);
  const missing = value?.undefinedQueries;
  return (
    textElement(best ? 'b' : 'span', number) +
    (interval ? textElement('span', interval, { class: 'interval' }) : '') +
    (missing ? textElement('span', `undefined for ${formatQuantity(missing, 'queries')}`, { class: 'interval' }) : '')
  );
}

function systemName(name: string, looks: Map<string, SystemLook>): Html {
  const swatch = element(
    'span',
    { class: 'swatch', style: `background:${looks.get(name)?.colour ?? 'transparent'}` },
    '',
  );
  return element('span', { class: 'system-name' }, swatch, escapeText(name));
}

/** Paired differences with what their intervals say. */
export function comparisonSection(comparisons: readonly Comparison[]): Html {
  return htmlTable(
    [
      { name: 'systems' },
      { name: 'metric' },
      { name: 'difference', align: 'right' },
      { name: 'p', align: 'right' },
      { name: 'interval' },
    ],
    comparisons.map((comparison) => {
      const says = verdict(comparison);
      return [
        escapeText(`${comparison.a} − ${comparison.b}`),
        escapeText(metricLabel(comparison.metric)),
        escapeText(formatDifferenceInterval(comparison)),
        escapeText(formatProbability(comparison.p).replace(/^p (= )?/, '')),
        textElement('span', VERDICT_WORDS[says], { class: `verdict ${says}` }),
      ];
    }),
  );
}

export function skippedSection(report: Report): Html {
  return htmlTable(
    [{ name: 'system' }, { name: 'why it was skipped' }],
    report.skipped.map(({ name, reason }) => [escapeText(name), escapeText(reason)]),
  );
}

/** Lengths of the abstracts by topic. */
export function tokenSection({ summaries, maxAbstractTokens }: NonNullable<Report['tokens']>, roles: TopicRoles): Html {
  const number = (name: string): { name: string; align: 'right' } => ({ name, align: 'right' });
  return htmlTable(
    [{ name: 'topic' }, ...['abstracts', 'shortest', 'median', '90 %', '95 %', '99 %', 'longest'].map(number)],
    inTopicOrder(summaries, roles).map(({ topic, count, min, median, p90, p95, p99, max }) => [
      escapeText(topic),
      ...[count, min, median, p90, p95, p99, max].map((value) => escapeText(formatCount(value))),
    ]),
    `Tokens of the abstracts; longer ones are truncated at ${formatCount(maxAbstractTokens)}.`,
  );
}

/** Geometry of the embeddings of each system, see evaluation/embeddings/quality.ts. */
export function embeddingSection(embeddings: readonly EmbeddingReport[], systems: readonly SystemReport[]): Html {
  const looks = systemLooks(systems);
  const right = (name: string): { name: string; align: 'right' } => ({ name, align: 'right' });
  return htmlTable(
    [{ name: 'system' }, ...['alignment', 'uniformity', 'anisotropy', 'first component'].map(right)],
    embeddings.map(({ system, alignment, uniformity, anisotropy, firstComponent }) => [
      systemName(system, looks),
      ...[
        formatNumber(alignment),
        formatNumber(uniformity),
        formatShare(anisotropy),
        formatPercent(firstComponent),
      ].map(escapeText),
    ]),
    'Alignment: mean squared distance of relevant pairs, lower is closer. Uniformity: lower spreads more evenly. Anisotropy: mean cosine of two documents, 0 where they point everywhere. First component: share of the variance along one direction.',
  );
}

/** What fewer bits save and lose, see evaluation/quantization.ts. */
export function quantizationSection(rows: readonly QuantizationReport[], systems: readonly SystemReport[]): Html {
  const looks = systemLooks(systems);
  const right = (name: string): { name: string; align: 'right' } => ({ name, align: 'right' });
  const { columns, cells } = quantizationTable(rows);
  return htmlTable(
    [{ name: 'system' }, { name: 'precision' }, ...columns.slice(2).map(right)],
    rows.map((row, i) => [systemName(row.system, looks), ...(cells[i] ?? []).slice(1).map(escapeText)]),
    'Documents in fewer bits, queries in full precision; int8 calibrated on the corpus. Rescored: so many candidates per query are scored again by the full query. Differences to full precision over the same queries, with 95 % bootstrap interval.',
  );
}

export function timingSection(systems: readonly SystemReport[]): Html {
  return htmlTable(
    [
      { name: 'system' },
      ...['dimensions', 'embedding', 'index', 'search'].map((name) => ({ name, align: 'right' as const })),
      { name: 'searched by' },
      ...['recall against exact', 'ms per query', 'ms exact'].map((name) => ({ name, align: 'right' as const })),
    ],
    systems.map(({ name, dimensions, timing, index }) => [
      escapeText(name),
      escapeText(formatCount(dimensions)),
      ...[timing.embedSeconds, timing.indexSeconds, timing.searchSeconds].map((seconds) =>
        escapeText(formatDuration(seconds)),
      ),
      escapeText(index ? `${index.kind} (${index.backend === 'faiss' ? 'FAISS' : 'engine'})` : '–'),
      escapeText(formatShare(index?.recall)),
      escapeText(formatNumber(timing.millisecondsAQuery)),
      escapeText(formatNumber(timing.exactMillisecondsAQuery ?? timing.millisecondsAQuery)),
    ]),
    'Recall against exact: share of the exact 10 nearest documents that the index finds, on a sample of the queries.',
  );
}
