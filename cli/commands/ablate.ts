/** `llm-embedding ablate`: what each hyperparameter is worth, one at a time, over seeds. */
import { Command } from 'commander';
import { effectTable, parseFactor, runAblation, runAblationShard, trialShardText, UserError } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, addDataOption, addModelOption, type CommonOptions, configOf } from '../options.js';
import { addShardOptions, type ShardOptions, shardOf, submitted, submittedText } from '../shards.js';
import { wholeNumber } from '../whole-number.js';

interface AblateOptions extends CommonOptions, ShardOptions {
  vary: string[];
  seeds: string;
  split: string;
  out: string;
}

export function ablateCommand(): Command {
  const command = new Command('ablate').description(
    'what each hyperparameter is worth: trainings with one changed at a time, over several seeds; resumes',
  );
  return addShardOptions(addModelOption(addDataOption(addCommonOptions(command))))
    .option(
      '--vary <path=values>',
      'a setting and values for it, by commas or as a JSON array; repeat for more (default: pooling, attention, prompt, rank, temperature, symmetry, margin, Matryoshka)',
      (value: string, all: string[]) => [...all, value],
      [],
    )
    .option(
      '--seeds <n>',
      'trainings of each variant, with seeds from --seed on; the papers stay those of the first',
      '3',
    )
    .option(
      '--split <name>',
      'validation or test: whose titles are asked; keep test for the final choice',
      'validation',
    )
    .option('--out <folder>', 'where runs and effect table go', 'checkpoints/ablation')
    .action((options: AblateOptions) =>
      runAction(
        options.json ?? false,
        async ({ reporting, print }) => {
          const { split, out } = options;
          if (split !== 'validation' && split !== 'test')
            throw new UserError(`--split ${split}: expected validation or test`);
          const shard = shardOf(options);
          const config = await configOf(options);
          const factors = options.vary.map(parseFactor);
          const chosen = factors.length > 0 ? { factors } : {};
          const choices = {
            ...reporting,
            ...chosen,
            seeds: wholeNumber('--seeds', options.seeds),
            split,
            out,
          } as const;
          const job = await submitted(command, options, { kind: 'ablate', folder: out, output: out });
          if (job) return print(job, submittedText(job));
          if (shard) {
            const done = await runAblationShard(config, { ...choices, shard });
            return print(done, trialShardText(done));
          }
          const report = await runAblation(config, choices);
          print(report, `${effectTable(report)}\n\neffect table: ${out}/ablation.md, ${out}/ablation.svg`);
        },
        { retried: options.shard !== undefined },
      ),
    );
}
