/** Quantized embeddings as rows of a table: for the terminal, and for the page of a report. */
import type { QuantizationReport } from '../evaluation/report.js';
import { formatBytes, formatCount, formatDifferenceInterval, formatMetric, metricLabel } from './format.js';

/** The metrics that are shown: nDCG and MRR where there are any, else all. */
export function quantizationMetrics(rows: readonly QuantizationReport[]): string[] {
  const all = Object.keys(rows[0]?.metrics ?? {});
  const ranked = all.filter((name) => /^(ndcg|mrr)/.test(name));
  return ranked.length > 0 ? ranked : all;
}

/** System, precision, memory, then each metric with its difference to full precision. */
export function quantizationTable(
  rows: readonly QuantizationReport[],
  metrics: readonly string[] = quantizationMetrics(rows),
): { columns: string[]; cells: string[][] } {
  return {
    columns: [
      'system',
      'precision',
      'memory',
      ...metrics.flatMap((metric) => [metricLabel(metric), 'difference [95 % interval]']),
    ],
    cells: rows.map((row) => [
      row.system,
      `${row.precision}${row.candidates > 0 ? `, ${formatCount(row.candidates)} rescored` : ''}`,
      `${formatBytes(row.bytes)} (${formatCount(row.bytesPerVector)} B each)`,
      ...metrics.flatMap((metric) => [
        formatMetric(row.metrics[metric]).replace(/ \[.*/, ''),
        row.precision === 'float32' ? '–' : differenceOf(row, metric),
      ]),
    ]),
  };
}

function differenceOf({ differences }: QuantizationReport, metric: string): string {
  const found = differences[metric];
  return found ? formatDifferenceInterval({ ...found, difference: found.value }) : '–';
}
