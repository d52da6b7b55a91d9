/** `llm-embedding train`: steps 1 to 5, ending with the best adapter in the run folder. */
import { Command } from 'commander';
import {
  formatQuantity,
  formatShare,
  profileSummary,
  profileTable,
  rankSummary,
  type TrainedRun,
  trainRun,
  trainRunOverRanks,
} from '../../lib/index.js';
import { runAction } from '../action.js';
import { overRanks } from '../distributed.js';
import { configOf } from '../options.js';
import { addRunOptions, runFolder, type TrainingCommandOptions } from './run.js';

export function trainCommand(): Command {
  const command = new Command('train').description('steps 1 to 5: the best adapter, without an evaluation');
  return addRunOptions(command)
    .option('--profile', 'tell where the time of the training goes', false)
    .option('--distributed <how>', 'mpi: share the batches among the ranks that mpirun or srun started')
    .action((options: TrainingCommandOptions & { profile: boolean; distributed?: string }) =>
      runAction(
        options.json ?? false,
        (context) =>
          overRanks(options.distributed, context, async ({ reporting, print }, communicator) => {
            const { resume, restart, name } = options;
            const out = runFolder(options);
            const config = await configOf(options);
            const training = { ...reporting, resume, restart, name };
            const result = communicator
              ? await trainRunOverRanks(config, out, { ...training, communicator })
              : await trainRun(config, out, training);
            if (result) print(resultOf(result, out), describe(result, options.profile));
          }),
        { retried: options.distributed !== undefined },
      ),
    );
}

function resultOf(
  { totalSteps, trainedFolder, bestScore, history, skipped, stoppedEarly, profile, ranks }: TrainedRun,
  out: string,
) {
  return {
    out,
    adapter: trainedFolder,
    steps: totalSteps,
    bestValidation: bestScore,
    strength: history.strength?.strength ?? null,
    skipped,
    stoppedEarly,
    history,
    profile,
    ...(ranks ? { ranks } : {}),
  };
}

function describe(result: TrainedRun, withProfile: boolean): string {
  const { totalSteps, bestScore, history, profile, trainedFolder, skipped, stoppedEarly, ranks } = result;
  const early = stoppedEarly ? ' (ended early by training.patience)' : '';
  const idle = skipped.length > 0 ? `, ${skipped.length} of them without effect` : '';
  const loss = history.steps.at(-1)?.loss.toFixed(4);
  const validation = bestScore === null ? 'not validated' : `best validation MRR@10 ${formatShare(bestScore)}`;
  const lines = [
    `${formatQuantity(totalSteps, 'steps')}${early}${idle}, last loss ${loss}, ${validation}; in ${trainedFolder}`,
    withProfile ? `\n${profileTable(profile)}` : profileSummary(profile),
    ...(ranks ? [rankSummary(ranks)] : []),
  ];
  return lines.join('\n');
}
