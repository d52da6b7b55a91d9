/** `llm-embedding lr-find`: a learning rate for the training, by a short one whose rate rises. */
import { dirname } from 'node:path';
import { Command } from 'commander';
import {
  findLearningRate,
  learningRateRangeFigure,
  prepareFolder,
  type RangeTest,
  renderSvg,
  UserError,
  writeFileAtomic,
} from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, addDataOption, addModelOption, type CommonOptions, configOf } from '../options.js';

interface LearningRateOptions extends CommonOptions {
  from: string;
  to: string;
  steps: string;
  out: string;
}

export function learningRateCommand(): Command {
  const command = new Command('lr-find').description(
    'a learning rate to begin with, from a few steps at a rising one, and the plot of their loss',
  );
  return addModelOption(addDataOption(addCommonOptions(command)))
    .option('--from <rate>', 'learning rate of the first step', '1e-6')
    .option('--to <rate>', 'learning rate of the last step', '1')
    .option('--steps <n>', 'training steps', '40')
    .option('--out <file.svg>', 'where the plot goes; nothing else is written', 'checkpoints/lr-find.svg')
    .action((options: LearningRateOptions) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        const { out } = options;
        if (!out.endsWith('.svg')) throw new UserError(`--out ${out}: expected a name that ends in .svg`);
        const range = { from: Number(options.from), to: Number(options.to), steps: Number(options.steps) };
        await prepareFolder(dirname(out));
        const found = await findLearningRate(await configOf(options), { ...reporting, ...range });
        // first what was found: the plot may have no room any more
        print({ ...found, plot: out }, `${describe(found)}\nplot: ${out}`);
        await writeFileAtomic(out, renderSvg(learningRateRangeFigure(found)));
      }),
    );
}

function describe({ suggestion, points, ended }: RangeTest): string {
  const last = points.at(-1)?.learningRate.toPrecision(2);
  const why = { 'all steps': '', 'loss rose': `; the loss rose at ${last}`, diverged: `; it diverged after ${last}` };
  if (suggestion === null)
    return `the loss never falls between the two rates${why[ended]}: try other bounds, or more steps`;
  const rate = suggestion.toPrecision(2);
  return `suggestion: ${rate}, where the loss falls most steeply${why[ended]}\nuse it with --set training.learningRate=${rate}`;
}
