/** `llm-embedding train`: steps 1 to 5, ending with the best adapter in the run folder. */
import { Command } from 'commander';
import {
  loadDataset,
  loadModel,
  profileSummary,
  profileTable,
  resolveExistingRun,
  tokenizeDataset,
  trainRun,
} from '../../lib/index.js';
import { runAction } from '../action.js';
import { configOf } from '../options.js';
import { addRunOptions, type TrainingCommandOptions } from './run.js';

export function trainCommand(): Command {
  const command = new Command('train').description('steps 1 to 5: the best adapter, without an evaluation');
  return addRunOptions(command)
    .option('--profile', 'tell where the time of the training goes', false)
    .action((options: TrainingCommandOptions & { profile: boolean }) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        const config = await configOf(options);
        const { out, resume, restart } = options;
        await resolveExistingRun(out, { resume, restart });
        const dataset = await loadDataset(config, reporting);
        const tokenized = await tokenizeDataset(config, dataset.papers, reporting);
        const model = await loadModel(config, reporting);
        try {
          const result = await trainRun(config, out, { dataset, tokenized, model }, { ...reporting, resume });
          const { totalSteps, bestScore, history, profile } = result;
          const loss = history.steps.at(-1)?.loss;
          const validation = bestScore === null ? 'not validated' : `best validation MRR@10 ${bestScore.toFixed(4)}`;
          print(
            { out, adapter: `${out}/adapter`, steps: totalSteps, bestValidation: bestScore, history, profile },
            `${totalSteps} steps, last loss ${loss?.toFixed(4)}, ${validation}; adapter: ${out}/adapter\n` +
              (options.profile ? `\n${profileTable(profile)}` : profileSummary(profile)),
          );
        } finally {
          await model.engine.close();
        }
      }),
    );
}
