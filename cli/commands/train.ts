/** `llm-embedding train`: steps 1 to 5, ending with the best adapter in the run folder. */
import { Command } from 'commander';
import { formatQuantity, formatShare, profileSummary, profileTable, trainRun } from '../../lib/index.js';
import { runAction } from '../action.js';
import { configOf } from '../options.js';
import { addRunOptions, runFolder, type TrainingCommandOptions } from './run.js';

export function trainCommand(): Command {
  const command = new Command('train').description('steps 1 to 5: the best adapter, without an evaluation');
  return addRunOptions(command)
    .option('--profile', 'tell where the time of the training goes', false)
    .action((options: TrainingCommandOptions & { profile: boolean }) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        const { resume, restart, name } = options;
        const out = runFolder(options);
        const result = await trainRun(await configOf(options), out, { ...reporting, resume, restart, name });
        const { totalSteps, bestScore, history, profile, trainedFolder, skipped, stoppedEarly } = result;
        const loss = history.steps.at(-1)?.loss;
        const validation = bestScore === null ? 'not validated' : `best validation MRR@10 ${formatShare(bestScore)}`;
        print(
          {
            out,
            adapter: trainedFolder,
            steps: totalSteps,
            bestValidation: bestScore,
            strength: history.strength?.strength ?? null,
            skipped,
            stoppedEarly,
            history,
            profile,
          },
          `${formatQuantity(totalSteps, 'steps')}${stoppedEarly ? ' (ended early by training.patience)' : ''}${skipped.length > 0 ? `, ${skipped.length} of them without effect` : ''}, last loss ${loss?.toFixed(4)}, ${validation}; in ${trainedFolder}\n` +
            (options.profile ? `\n${profileTable(profile)}` : profileSummary(profile)),
        );
      }),
    );
}
