/** `llm-embedding batches`: step 3, the plan of an epoch and what its batches are made of. */
import { Command } from 'commander';
import {
  batchCompositionTable,
  formatCount,
  formatPercent,
  formatQuantity,
  openSession,
  setCompositionTable,
  UserError,
} from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, addDataOption, addModelOption, type CommonOptions, configOf } from '../options.js';

export function batchesCommand(): Command {
  const command = new Command('batches').description('step 3: category-aware batches under a token budget');
  addModelOption(addDataOption(addCommonOptions(command)));
  command.option('--epoch <n>', 'which epoch, from 0', '0');
  return command.action((options: CommonOptions & { epoch: string }) =>
    runAction(options.json ?? false, async ({ reporting, print }) => {
      const epoch = Number(options.epoch);
      if (!Number.isInteger(epoch) || epoch < 0)
        throw new UserError(`--epoch ${options.epoch}: expected a whole number from 0`);
      const config = await configOf(options);
      const { papers, batches, report } = await openSession().batches(config, epoch, reporting);
      const { smallest, largest, batchesOnTarget } = report;
      const sizes = `${smallest === largest ? '' : `${formatCount(smallest)} to `}${formatQuantity(largest, 'pairs')}`;
      // pairs have no roles, and a single data set has no shares
      const ofPairs = papers.some(({ pair }) => pair !== undefined);
      const parts = !ofPairs ? 'every role' : report.sets ? 'every data set' : null;
      const onTarget =
        parts === null ? '' : `; ${formatCount(batchesOnTarget)} at the start with ${parts} at its target`;
      const roles = [
        'The whole epoch',
        batchCompositionTable(report.epoch),
        ...(batchesOnTarget > 0 ? ['The batches on target', batchCompositionTable(report.onTarget)] : []),
      ];
      const lines = [
        `${formatQuantity(report.batches, 'batches')} of ${sizes}${onTarget}`,
        ...(ofPairs ? [] : roles),
        ...(report.sets ? ['The whole epoch', setCompositionTable(report.sets)] : []),
        `${formatQuantity(report.padding.groups, 'micro-batches')} of at most ${formatQuantity(config.batches.tokenBudget, 'tokens')}, ${formatPercent(report.padding.waste)} padding`,
      ];
      const ids = batches.map((batch) => batch.map((i) => papers[i]?.id));
      print({ ...report, batchPapers: ids }, lines.join('\n'));
    }),
  );
}
