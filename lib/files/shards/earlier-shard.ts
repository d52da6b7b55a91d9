/** What an earlier try has left of a shard, before it is made. */
import { rm } from 'node:fs/promises';
import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { type Shard, shardName } from '../../core/shard.js';
import { manifestPath, type ShardJob, type ShardKind, type ShardManifest } from './manifest.js';
import { shardState } from './shard-state.js';

export interface EarlierShardOptions extends Pick<Reporting, 'onMessage'> {
  kind: ShardKind;
  job: ShardJob;
  /** Removes what is damaged, so that it is made again. @param files names of the damaged files, as far as they are known */
  discard(files: readonly string[]): Promise<void>;
}

/**
 * @returns the manifest of a shard that is done and verified; null where it is to be made
 * @throws UserError where the folder has a shard of this number that was made of something else
 */
export async function earlierShard(
  folder: string,
  shard: Shard,
  { kind, job, discard, onMessage }: EarlierShardOptions,
): Promise<ShardManifest | null> {
  const state = await shardState(folder, shard, { kind, job });
  switch (state.is) {
    case 'missing':
      return null;
    case 'foreign':
      throw new UserError(
        `${folder} has a shard of another job, ${state.problem}: give the same settings, another place, or remove the folder`,
      );
    case 'damaged':
      onMessage?.({ level: 'warning', text: `${state.problem}: damaged, and made again` });
      // the manifest first: without it nobody takes the files for good
      await rm(manifestPath(folder, shard), { force: true });
      await discard(state.files);
      return null;
    case 'done':
      onMessage?.({ level: 'info', text: `${shardName(shard)} is done, and its checksum is right: skipped` });
      return state.manifest;
  }
}
