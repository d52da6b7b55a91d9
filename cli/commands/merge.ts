/** `llm-embedding merge`: the shards of a job to its result. */
import { Command } from 'commander';
import { effectTable, formatQuantity, type Merged, mergeShards, sweepTable } from '../../lib/index.js';
import { printReport, runAction } from '../action.js';
import { addCommonOptions, type CommonOptions } from '../options.js';

interface MergeOptions extends CommonOptions {
  output?: string;
}

export function mergeCommand(): Command {
  const command = new Command('merge')
    .description(
      'put the shards of a job together: embeddings with the bytes of one process, others to one report; names what is missing, damaged or of another job',
    )
    .argument(
      '<folder>',
      'of the shards: OUTPUT.shards of an encoding, --out of a sweep or an ablation, evaluation-shards of an evaluation',
    );
  return addCommonOptions(command)
    .option('--output <file>', 'of embeddings, .safetensors or .npy (default: the --output of the shards)')
    .action((folder: string, { json, output }: MergeOptions) =>
      runAction(
        json ?? false,
        async (context) => {
          const { reporting, print } = context;
          const merged = await mergeShards(folder, { ...reporting, output });
          if (merged.kind === 'evaluate') return printReport(context, merged.folder, Promise.resolve(merged.report));
          print(merged.kind === 'encode' ? merged.file : merged.report, mergedText(merged));
        },
        { retried: true },
      ),
    );
}

function mergedText(merged: Exclude<Merged, { kind: 'evaluate' }>): string {
  if (merged.kind === 'sweep') return sweepTable(merged.report);
  if (merged.kind === 'ablate') return effectTable(merged.report);
  const { texts, dimensions, shards, output } = merged.file;
  return `${formatQuantity(texts, 'embeddings')} of ${formatQuantity(dimensions, 'dimensions')} from ${formatQuantity(shards, 'shards')} in ${output}`;
}
