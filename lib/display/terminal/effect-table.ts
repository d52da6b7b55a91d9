/**
 * The effect table of an ablation, for the terminal and as Markdown.
 */
import type { AblationReport } from '../../evaluation/ablation.js';
import { ablationMetric } from '../figures/effects.js';
import { VERDICT_WORDS, verdict } from '../findings.js';
import {
  formatDifference,
  formatDifferenceInterval,
  formatDuration,
  formatMetric,
  formatQuantity,
  formatShare,
  metricLabel,
} from '../format.js';
import { textTable } from './text-table.js';

interface EffectRows {
  columns: string[];
  rows: string[][];
  caption: string;
}

/** Factors by their effect on one metric. @param metric default mrr@10, or the first */
function effectRows(report: AblationReport, metric: string = ablationMetric(report)): EffectRows {
  const label = metricLabel(metric);
  const { baseline, effects, failed, seeds, queries, split } = report;
  const rows = effects.flatMap(({ label: factor, metrics, seconds }) => {
    const effect = metrics[metric];
    if (!effect) return [];
    const { value, low, high } = effect.difference;
    return [
      [
        factor,
        formatShare(effect.value),
        formatDifferenceInterval({ difference: value, low, high }),
        VERDICT_WORDS[verdict({ low, high })],
        effect.bySeed.map(formatDifference).join(' '),
        formatDuration(seconds / seeds.length),
      ],
    ];
  });
  const all = [
    ['baseline', formatMetric(baseline.metrics[metric]), '', '', '', formatDuration(baseline.seconds / seeds.length)],
    ...rows,
    ...failed.map(({ label: factor, reason }) => [factor, '–', `failed: ${reason}`, '', '', '']),
  ];
  return {
    columns: ['factor', label, 'difference [95 % interval]', 'interval', 'by seed', 'time a run'],
    rows: all,
    caption: `seeds ${seeds.join(', ')}; ${formatQuantity(queries, 'queries')} of the ${split} split; intervals over seeds and queries`,
  };
}

/** The effect of each variant of an ablation on one metric (the headline one where none is named), for a terminal. */
export function effectTable(report: AblationReport, metric?: string): string {
  const { columns, rows, caption } = effectRows(report, metric);
  return `${textTable([{ name: columns[0] as string, maxWidth: 60 }, ...columns.slice(1)], rows)}\n\n${caption}`;
}

/** All metrics, each in a table of its own. */
export function effectMarkdown(report: AblationReport): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
  const sections = Object.keys(report.baseline.metrics).map((metric) => {
    const { columns, rows, caption } = effectRows(report, metric);
    const lines = [columns, columns.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`);
    return `## ${metricLabel(metric)}\n\n${lines.join('\n')}\n\n${caption}\n`;
  });
  return `# Ablation\n\n${sections.join('\n')}`;
}
