/** `llm-embedding run`: all six steps into one folder. */
import { Command } from 'commander';
import { runExperiment, runFolderName } from '../../lib/index.js';
import { printReport, runAction } from '../action.js';
import { addCommonOptions, addDataOption, addModelOption, type CommonOptions, configOf } from '../options.js';

export interface TrainingCommandOptions extends CommonOptions {
  out?: string;
  name?: string;
  resume?: boolean;
  restart?: boolean;
}

export function runCommand(): Command {
  const command = new Command('run').description('all six steps, from papers to report');
  return addRunOptions(command).action((options: TrainingCommandOptions) =>
    runAction(options.json ?? false, async (context) => {
      const { reporting, confirmCost } = context;
      const { resume, restart, name } = options;
      const out = runFolder(options);
      const config = await configOf(options);
      await printReport(context, out, runExperiment(config, out, { ...reporting, resume, restart, name, confirmCost }));
    }),
  );
}

/** The options that `run` and `train` share. */
export function addRunOptions(command: Command): Command {
  return addModelOption(addDataOption(addCommonOptions(command)))
    .option('--out <folder>', 'the run folder (default: checkpoints/ with the name, or checkpoints/run)')
    .option('--name <text>', 'what the run is called (default: its folder)')
    .option('--resume', 'continue a stopped run, which the folder has to hold', false)
    .option('--restart', 'discard the run that the folder holds, finished or not', false);
}

/** Where a training goes: `--out`, else by its name. */
export function runFolder({ out, name }: TrainingCommandOptions): string {
  return out ?? `checkpoints/${name === undefined ? 'run' : runFolderName(name)}`;
}
