/** `llm-embedding merge`: the shards of a job to its result. */
import { Command } from 'commander';
import { formatQuantity, mergeShards } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, type CommonOptions } from '../options.js';

interface MergeOptions extends CommonOptions {
  output?: string;
}

export function mergeCommand(): Command {
  const command = new Command('merge')
    .description(
      'put the shards of an encoding together, with the bytes of one process; names those that are missing, damaged or of another job',
    )
    .argument('<folder>', 'of the shards: OUTPUT.shards');
  return addCommonOptions(command)
    .option('--output <file>', '.safetensors or .npy (default: the --output of the shards)')
    .action((folder: string, options: MergeOptions) =>
      runAction(
        options.json ?? false,
        async ({ reporting, print }) => {
          const { output } = options;
          const merged = await mergeShards(folder, { ...reporting, output });
          const { texts, dimensions, shards } = merged;
          print(
            merged,
            `${formatQuantity(texts, 'embeddings')} of ${formatQuantity(dimensions, 'dimensions')} from ${formatQuantity(shards, 'shards')} in ${merged.output}`,
          );
        },
        { retried: true },
      ),
    );
}
