/** Where a training's time went, as a table. */
import type { TrainingProfile } from '../../training/profile.js';
import type { RankReport } from '../../training/rank-gradients.js';
import { formatDuration, formatPercent, formatQuantity, formatRate } from '../format.js';
import { textTable } from './text-table.js';

/** One line of summary: tokens, rate, padding, plan. */
export function profileSummary(profile: TrainingProfile): string {
  const { plans, steps, seconds, tokens, paddingShare, gigaflopsPerStep, gigaflopsPerSecond } = profile;
  const others = plans.validation === plans.steps ? '' : `, validation ${plans.validation}`;
  return (
    `${formatQuantity(steps, 'steps')} in ${formatDuration(seconds)}, ${formatRate(tokens / seconds, 'tokens')}, ` +
    `${formatPercent(paddingShare)} padding, ${gigaflopsPerStep.toFixed(1)} GFLOP a step at ${gigaflopsPerSecond.toFixed(1)} GFLOP/s, plan ${plans.steps}${others}`
  );
}

/** One line on a training over ranks: how well they were busy. */
export function rankSummary({ ranks, waitingShare, largestWaitingShare, exchangeShare }: RankReport): string {
  return (
    `${formatQuantity(ranks, 'ranks')}, which waited for each other ${formatPercent(waitingShare)} of the time of the steps ` +
    `(one of them ${formatPercent(largestWaitingShare)}) and exchanged numbers ${formatPercent(exchangeShare)} of it`
  );
}

/** Seconds, percent and rate of every part that took time. */
export function profileTable(profile: TrainingProfile): string {
  const table = textTable(
    ['part', 'seconds', '%', 'GFLOP/s'].map((name, i) => ({ name, align: i === 0 ? 'left' : 'right' })),
    profile.parts
      .filter((part) => part.seconds > 0)
      .map((part) => [
        part.name,
        part.seconds.toFixed(2),
        (100 * part.share).toFixed(1),
        part.gigaflopsPerSecond?.toFixed(1) ?? '',
      ]),
  );
  return (
    `${table}\n${profileSummary(profile)}\n` +
    'Work is counted as in appendix B of the PaLM paper: products of the layers, 2 N forward and 2 N backward a token for\n' +
    'frozen matrices, 6 A for the adapter, 12 L H E S for attention; nothing for padding or what is computed twice.'
  );
}
