/** What a corpus takes, as text: one machine, all of them, disk and memory. */
import type { WorkEstimate } from '../../pipeline/estimate/estimate.js';
import { formatBytes, formatCount, formatDuration, formatPercent, formatQuantity, formatRate } from '../format.js';
import { textTable } from './text-table.js';

/** The tables of an estimate: what was measured, time on one machine and on all, space. */
export function estimateTables({ rates, work, estimate }: WorkEstimate): string {
  const { machines } = work;
  const { encoding, training, disk, memory, cost } = estimate;
  const tokens = (perSecond: number): string => formatRate(perSecond, 'tokens');
  const time = (of: { one: number; all: number }): string[] => [
    formatDuration(of.one),
    ...(machines > 1 ? [formatDuration(of.all)] : []),
  ];
  const same = (text: string): string[] => [text, ...(machines > 1 ? [text] : [])];
  const rows = [
    [`encoding ${formatQuantity(work.texts, 'texts')}`, ...time(encoding)],
    [`training ${formatQuantity(work.steps, 'steps')} of ${formatQuantity(work.pairs, 'pairs')}`, ...time(training)],
    ['a query, all vectors compared', ...same(`${(estimate.search / 1000).toPrecision(2)} s`)],
    ...(cost === null
      ? []
      : [['cost of encoding and training', ...(machines > 1 ? [cost.one, cost.all] : [cost.one]).map(formatCost)]]),
  ];
  return [
    `Measured: ${formatRate(rates.tokenizing, 'texts')} tokenized, ${tokens(rates.encoding)} encoded, ${tokens(rates.training)} trained on`,
    `Texts: ${formatQuantity(Math.round(work.meanTitleTokens), 'tokens')} a title, ${formatCount(Math.round(work.meanAbstractTokens))} an abstract, within the limits in use`,
    '',
    textTable(
      ['Time', ...(machines > 1 ? ['one machine', `${machines} machines`] : ['this machine'])].map((name, i) => ({
        name,
        align: i === 0 ? ('left' as const) : ('right' as const),
      })),
      rows,
    ),
    '',
    textTable(
      [{ name: 'Space' }, { name: '', align: 'right' }],
      [
        ['embeddings, float32', formatBytes(disk.float32)],
        ['embeddings, int8', formatBytes(disk.int8)],
        ['embeddings, binary', formatBytes(disk.binary)],
        ['token ids in the cache', formatBytes(disk.tokens)],
        ['memory, process that encodes or trains', formatBytes(memory.process)],
        ['memory, all vectors for exact search', formatBytes(memory.exactSearch)],
      ],
    ),
    ...(machines > 1
      ? [
          '',
          `Training on ${machines} machines over 1 Gbit/s Ethernet: ${formatPercent(training.waiting)} of the time is gradients on their way.`,
        ]
      : []),
  ].join('\n');
}

function formatCost(amount: number): string {
  return amount < 10 ? amount.toFixed(2) : formatCount(amount);
}
