/** The shards of a job, of whatever kind, to its result. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError } from '../../core/errors.js';
import { type MergedFile, type MergeEncodingOptions, mergeEncoding } from '../../encoder/shards/merge-shards.js';
import { completeJob } from '../../files/shards/shard-state.js';

/**
 * Puts the shards of an encoding together: the bytes are those of one process.
 *
 * @throws UserError that names every shard that is missing, damaged or of another job; nothing is written then
 */
export async function mergeShards(given: string, options: MergeEncodingOptions = {}): Promise<MergedFile> {
  const folder = resolve(given);
  if (!(await stat(folder).catch(() => null))?.isDirectory()) {
    throw new UserError(`${given} is no folder: expected that of the shards, which encode --shard i/n wrote`);
  }
  return mergeEncoding(folder, await completeJob(folder), options);
}
