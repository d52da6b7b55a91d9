/** `llm-embedding pretrain`: a small encoder from a metadata snapshot alone. */
import { Command } from 'commander';
import { formatQuantity, formatShare, pretrain } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, type CommonOptions, configOf } from '../options.js';

interface PretrainCommandOptions extends CommonOptions {
  data: string;
  out: string;
  excludeTopics?: string;
  resume?: boolean;
  restart?: boolean;
}

export function pretrainCommand(): Command {
  const command = new Command('pretrain').description('a small encoder from scratch, from the papers of a snapshot');
  return addCommonOptions(command)
    .requiredOption('--data <snapshot>', 'metadata snapshot (.jsonl or .jsonl.gz), of any categories')
    .requiredOption('--out <folder>', 'the model folder to write')
    .option('--exclude-topics <list>', 'comma-separated categories whose papers it must not see, such as gr-qc')
    .option('--resume', 'continue a stopped pre-training', false)
    .option('--restart', 'discard an unfinished pre-training that the folder has', false)
    .action((options: PretrainCommandOptions) =>
      runAction(options.json ?? false, async ({ reporting, print }) => {
        // --data is the corpus of pre-training, not of the experiment
        const { data, out, resume, restart, excludeTopics, ...common } = options;
        const topics = excludeTopics?.split(',').map((name) => name.trim());
        const set = topics ? [...common.set, `pretraining.excludedTopics=${JSON.stringify(topics)}`] : common.set;
        const config = await configOf({ ...common, set });
        const result = await pretrain({ ...reporting, config, data, out, resume, restart });
        const lines = result.quality.systems.map(({ name, metrics }) => {
          const label = name === 'untuned' ? 'encoder' : name;
          return `${label.padEnd(10)}${formatShare(metrics['mrr@10']?.value)}`;
        });
        const minutes = (result.cpuSeconds / 60).toFixed(1);
        print(
          result,
          `${result.out}: ${(result.parameters / 1e6).toFixed(1)} M parameters after ${minutes} CPU minutes\nMRR@10 on ${formatQuantity(result.quality.papers, 'test papers')}:\n${lines.join('\n')}`,
        );
      }),
    );
}
