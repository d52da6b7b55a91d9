/** `llm-embedding sweep`: every combination of the values of some settings, over seeds. */
import { Command } from 'commander';
import { parseFactor, runSweep, runSweepShard, sweepTable, trialShardText, UserError } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, addDataOption, addModelOption, type CommonOptions, configOf } from '../options.js';
import { addShardOptions, type ShardOptions, shardOf, submitted, submittedText } from '../shards.js';
import { wholeNumber } from '../whole-number.js';

interface SweepCommandOptions extends CommonOptions, ShardOptions {
  vary: string[];
  random?: string;
  seeds: string;
  split: string;
  out: string;
}

export function sweepCommand(): Command {
  const command = new Command('sweep').description(
    'trainings with every combination of the values of some settings, from best to worst; resumes',
  );
  return addShardOptions(addModelOption(addDataOption(addCommonOptions(command))))
    .option(
      '--vary <path=values>',
      'a setting and values for it, by commas or as a JSON array; repeat for more (required)',
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .option('--random <n>', 'only so many of the combinations, drawn at random (default: all)')
    .option(
      '--seeds <n>',
      'trainings of each combination, with seeds from --seed on; the papers stay those of the first',
      '1',
    )
    .option(
      '--split <name>',
      'validation or test: whose titles are asked; keep test for the final choice',
      'validation',
    )
    .option('--out <folder>', 'where the run folders and sweep.json go', 'checkpoints/sweep')
    .action((options: SweepCommandOptions) =>
      runAction(
        options.json ?? false,
        async ({ reporting, print }) => {
          const { split, out, random } = options;
          if (split !== 'validation' && split !== 'test')
            throw new UserError(`--split ${split}: expected validation or test`);
          const shard = shardOf(options);
          const config = await configOf(options);
          const choices = {
            ...reporting,
            factors: options.vary.map(parseFactor),
            seeds: wholeNumber('--seeds', options.seeds),
            ...(random === undefined ? {} : { random: wholeNumber('--random', random) }),
            split,
            out,
          } as const;
          const job = await submitted(command, options, { kind: 'sweep', folder: out, output: out });
          if (job) return print(job, submittedText(job));
          if (shard) {
            const done = await runSweepShard(config, { ...choices, shard });
            return print(done, trialShardText(done));
          }
          const report = await runSweep(config, choices);
          print(report, `${sweepTable(report)}\n\nruns: llm-embedding runs ${out}`);
        },
        { retried: options.shard !== undefined },
      ),
    );
}
