/** Results as tables for people. */
import { textTable } from '../lib/display/terminal/text-table.js';
import type { EpochResult } from './epoch-benchmark.js';
import type { GrowthResult } from './growth-benchmark.js';
import type { ShapeResult } from './shape-benchmark.js';

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(2);
const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

export function shapeTable({ shape, description, gigaflops, rows }: ShapeResult): string {
  const table = textTable(
    [
      '',
      'seconds',
      'spread',
      'processor s',
      'GFLOP/s',
      'bare product',
      'peak GB',
      'trace ms',
      'session ms',
      'times',
      'difference',
    ].map((name, i) => ({ name, align: i === 0 ? 'left' : 'right' })),
    rows.map((row) => [
      row.name,
      row.median.toFixed(3),
      percent(row.spread),
      row.processorSeconds.toFixed(2),
      row.gigaflopsPerSecond.toFixed(0),
      row.productGigaflops?.toFixed(0) ?? '',
      gigabytes(row.peakBytes),
      row.traceMilliseconds?.toFixed(0) ?? '',
      row.sessionMilliseconds?.toFixed(0) ?? '',
      row.ratio.toFixed(2),
      row.difference.toExponential(1),
    ]),
  );
  const about = rows.map((row) => `${row.name}: ${row.description}`).join('\n');
  return `(${shape}) ${description}: ${gigaflops.toFixed(0)} GFLOP\n${table}\n${about}`;
}

export function growthTable({ description, points, gradCache }: GrowthResult): string {
  const table = textTable(
    ['axis', { name: 'value', align: 'right' }, 'work', 'tokens', 'seconds', 'ms a token', 'processor s', 'peak GB'],
    points.map((point) => [
      point.axis,
      point.value,
      point.note,
      point.tokens,
      point.seconds.toFixed(3),
      ((1000 * point.seconds) / point.tokens).toFixed(3),
      point.processorSeconds.toFixed(2),
      gigabytes(point.peakBytes),
    ]),
  );
  const ratios = gradCache.map(
    ({ pairs, work, ratio, processorRatio }) =>
      `${pairs} pairs, ${work}: ${ratio.toFixed(2)} times the plain steps (processor time ${processorRatio.toFixed(2)})`,
  );
  return `Growth: ${description}\n${table}\n${ratios.join('\n')}`;
}

export function epochTable({ description, rows }: EpochResult): string {
  const table = textTable(
    ['', 'seconds', 'processor s', 'peak GB', 'times', 'times the memory', 'last loss', 'difference'].map(
      (name, i) => ({
        name,
        align: i === 0 ? 'left' : 'right',
      }),
    ),
    rows.map((row) => [
      row.name,
      row.median.toFixed(1),
      row.processorSeconds.toFixed(1),
      gigabytes(row.peakBytes),
      row.ratio.toFixed(2),
      row.memoryRatio.toFixed(2),
      row.result.at(-1)?.toFixed(4) ?? '',
      row.lossDifference.toExponential(1),
    ]),
  );
  const about = rows.map((row) => `${row.name}: ${row.description}`).join('\n');
  return `One epoch: ${description}\n${table}\n${about}`;
}
