/** A sweep as a table: its points from the best to the worst, in the terminal, as Markdown, and below a notebook cell. */
import type { SweepReport } from '../pipeline/sweep-report.js';
import { VERDICT_WORDS, verdict } from './findings.js';
import { formatDifferenceInterval, formatDuration, formatMetric, formatQuantity, metricLabel } from './format.js';
import { Output } from './notebook/output.js';
import { notebookTable } from './notebook/table-html.js';
import { type Rows, settingValue } from './run-rows.js';
import { textTable } from './terminal/text-table.js';

function sweepRows({ metric, paths, points, failed, seeds }: SweepReport): Rows {
  const shortened = paths.map((path) => {
    const last = path.split('.').at(-1) as string;
    return paths.filter((other) => other.split('.').at(-1) === last).length > 1 ? path : last;
  });
  const rows = points.map(({ settings, metrics, differences, seconds }) => {
    const difference = metric === null ? undefined : differences?.[metric];
    return [
      ...paths.map((path) => settingValue(settings[path])),
      formatMetric(metric === null ? undefined : metrics[metric]),
      difference ? formatDifferenceInterval({ ...difference, difference: difference.value }) : 'best',
      difference ? VERDICT_WORDS[verdict(difference)] : '',
      formatDuration(seconds / seeds.length),
    ];
  });
  const failures = failed.map(({ settings, reason }) => [
    ...paths.map((path) => settingValue(settings[path])),
    '–',
    `failed: ${reason}`,
    '',
    '',
  ]);
  return {
    columns: [
      ...shortened,
      metric === null ? 'metric' : metricLabel(metric),
      { name: 'difference from the best [95 % interval]', maxWidth: 60 },
      'interval',
      'time a run',
    ],
    rows: [...rows, ...failures],
  };
}

function caption({ points, failed, planned, seeds, queries, split }: SweepReport): string {
  const done = points.length + failed.length;
  const progress = done < planned ? `${done} of ${formatQuantity(planned, 'points')} so far; ` : '';
  const over = seeds.length > 1 ? 'seeds and queries' : 'queries';
  return `${progress}${seeds.length > 1 ? 'seeds' : 'seed'} ${seeds.join(', ')}; ${formatQuantity(queries, 'queries')} of the ${split} split; intervals over ${over}`;
}

/** The points of a sweep from the best to the worst, for a terminal. */
export function sweepTable(report: SweepReport): string {
  const { columns, rows } = sweepRows(report);
  return `${textTable(columns, rows)}\n\n${caption(report)}`;
}

export function sweepMarkdown(report: SweepReport): string {
  const { columns, rows } = sweepRows(report);
  const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
  const head = columns.map((column) => (typeof column === 'string' ? column : column.name));
  const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`);
  return `# Sweep\n\n${lines.join('\n')}\n\n${caption(report)}\n`;
}

/** A table below a cell that each report replaces. */
export function liveSweepTable(): { update(report: SweepReport): void } {
  const output = new Output();
  return {
    update(report) {
      const { columns, rows } = sweepRows(report);
      output.set({ 'text/html': notebookTable(columns, rows, caption(report)), 'text/plain': sweepTable(report) });
    },
  };
}
