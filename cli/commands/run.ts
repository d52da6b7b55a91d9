/** `llm-embedding run`: all six steps into one folder. */
import { Command } from 'commander';
import { reportSummary, runExperiment } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, addDataOption, addModelOption, type CommonOptions, configOf } from '../options.js';

export interface TrainingCommandOptions extends CommonOptions {
  out: string;
  resume?: boolean;
  restart?: boolean;
}

export function runCommand(): Command {
  const command = new Command('run').description('all six steps, from papers to report');
  return addRunOptions(command).action((options: TrainingCommandOptions) =>
    runAction(options.json ?? false, async ({ reporting, print, confirmCost }) => {
      const { out, resume, restart } = options;
      const report = await runExperiment(await configOf(options), out, { ...reporting, resume, restart, confirmCost });
      print(report, `${reportSummary(report)}\n\nreport: ${out}/report.html`);
    }),
  );
}

/** The options that `run` and `train` share. */
export function addRunOptions(command: Command): Command {
  return addModelOption(addDataOption(addCommonOptions(command)))
    .option('--out <folder>', 'the run folder', 'checkpoints/run')
    .option('--resume', 'go on where a stopped run ended', false)
    .option('--restart', 'discard an unfinished training that the folder has', false);
}
