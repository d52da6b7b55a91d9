/** `llm-embedding status`: how far a job in shards is. */
import { Command } from 'commander';
import { formatQuantity, type JobStatus, jobStatus, numberList, textTable } from '../../lib/index.js';
import { runAction } from '../action.js';
import { addCommonOptions, type CommonOptions } from '../options.js';

interface StatusCommandOptions extends CommonOptions {
  verify: boolean;
}

/** Tasks that are told one by one. */
const TOLD = 12;

export function statusCommand(): Command {
  const command = new Command('status')
    .description('how far the shards of a job are, by what the disk has, and what SLURM says of its tasks')
    .argument('<folder>', 'of the shards: OUTPUT.shards of an encoding, --out of a sweep or an ablation');
  return addCommonOptions(command)
    .option('--verify', 'compare checksums, which reads all shards (default: sizes alone)', false)
    .action((folder: string, { json, verify }: StatusCommandOptions) =>
      runAction(json ?? false, async ({ print }) => {
        const status = await jobStatus(folder, { verify });
        print(status, statusText(status));
      }),
    );
}

function statusText(status: JobStatus): string {
  const { folder, kind, shards, done, missing, kept, damaged, foreign, output, merged, queue } = status;
  const lines = [
    `${kind}: ${done} of ${formatQuantity(shards, 'shards')} done${merged ? `, merged in ${output}` : ''}`,
  ];
  if (missing.length > 0) lines.push(`missing: ${numberList(missing)}`);
  for (const { index, texts } of kept) lines.push(`shard ${index}: ${formatQuantity(texts, 'texts')} encoded and kept`);
  for (const { problem } of damaged) lines.push(`damaged: ${problem}`);
  for (const problem of foreign) lines.push(`of another job: ${problem}`);
  if (queue && queue.length > 0) {
    const rows = queue.slice(0, TOLD).map(({ id, state, reason, nodes }) => [id, state, nodes || reason]);
    lines.push('', textTable(['job', 'state', 'where or why'], rows));
    if (queue.length > TOLD) lines.push(`and ${queue.length - TOLD} more`);
  } else if (!merged) {
    lines.push(
      queue === null
        ? `continue: llm-embedding resume ${folder}`
        : `no task waits or runs: llm-embedding resume ${folder}`,
    );
  }
  return lines.join('\n');
}
