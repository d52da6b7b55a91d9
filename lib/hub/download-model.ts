/**
 * Models from the Hugging Face hub, kept in the cache that the Python client uses too:
 *
 *   models--OWNER--NAME/refs/main            the commit that the branch pointed to
 *   models--OWNER--NAME/blobs/DIGEST         the files
 *   models--OWNER--NAME/snapshots/COMMIT/... links to them
 *
 * A blob gets its name when it is whole and verified, a snapshot its reference when all that the model needs is there:
 * a partial download never passes for a model.
 */
import { join } from 'node:path';
import { getHFHubCachePath, getRepoFolderName } from '@huggingface/hub';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { TransientError } from '../core/retry.js';
import { type Connection, connection, explain, isOffline, type Patience, unreachable } from './connection.js';
import { missingModelFiles, SMALL_FILES, STEP_FILES, shardNames } from './model-files.js';
import { COMMIT, cachedCommit, commitOf, downloadEntries, listRepository, writeReference } from './repository.js';

export interface HubOptions extends Reporting {
  /** Branch, tag or commit. */
  revision: string;
  /** Folder of the cache, instead of the one that the environment names. */
  cache?: string;
  patience?: Patience;
}

/**
 * The folder of a model of the hub, downloaded as far as it isn't in the cache.
 *
 * Where the hub can't be reached, a complete copy in the cache serves, with a warning; with HF_HUB_OFFLINE=1 it isn't
 * even asked.
 *
 * @param id "owner/name"
 * @throws UserError when the model does not exist, access is denied, or it is not in the cache while offline;
 * WorkError when the hub can't be reached or a file arrives damaged; Interrupted when the signal fires (what came is kept)
 */
export async function downloadModel(id: string, options: HubOptions): Promise<string> {
  const { revision, cache = getHFHubCachePath(), onMessage } = options;
  const storage = join(cache, getRepoFolderName({ name: id, type: 'model' }));
  const cached = await cachedSnapshot(storage, revision);
  const isComplete = cached !== null && (await missingModelFiles(cached)).length === 0;
  if (isOffline()) {
    if (isComplete) return cached;
    const lack = cached === null ? 'is not there' : `lacks ${(await missingModelFiles(cached)).join(', ')}`;
    throw new UserError(
      `HF_HUB_OFFLINE is set and ${id} (${revision}) ${lack} in the cache ${cache}: unset it to download the model`,
    );
  }
  if (isComplete && COMMIT.test(revision)) return cached; // a commit never changes

  const hub = await connection(options.signal, options.patience);
  let commit: string;
  try {
    commit = await commitOf(hub, id, revision);
  } catch (error) {
    if (!(error instanceof TransientError)) throw explain(error, hub, id, cache);
    if (!isComplete) throw unreachable(hub, error);
    onMessage?.({ level: 'warning', text: `${hub.hubUrl} can't be reached: using the copy of ${id} in ${cache}` });
    return cached;
  }

  const snapshot = join(storage, 'snapshots', commit);
  if ((await missingModelFiles(snapshot)).length > 0) {
    try {
      await downloadSnapshot(id, commit, storage, hub, options);
    } catch (error) {
      throw error instanceof TransientError ? unreachable(hub, error) : explain(error, hub, id, cache);
    }
  }
  if (!COMMIT.test(revision) && cached !== snapshot) {
    await writeReference(storage, revision, commit);
  }
  return snapshot;
}

/** The snapshot that the cache has for a revision, complete or not; null when it has none. */
async function cachedSnapshot(storage: string, revision: string): Promise<string | null> {
  const commit = await cachedCommit(storage, revision);
  return commit === null ? null : join(storage, 'snapshots', commit);
}

/** Fetches what the model needs, small files first: the weights complete the snapshot. */
async function downloadSnapshot(
  id: string,
  commit: string,
  storage: string,
  hub: Connection,
  options: HubOptions,
): Promise<void> {
  const entries = await listRepository(hub, id, commit, true);
  const has = (path: string): boolean => entries.some((entry) => entry.path === path && entry.type === 'file');
  const snapshot = join(storage, 'snapshots', commit);
  const fetchFiles = (paths: string[]): Promise<void> => {
    const chosen = paths.flatMap((path) => entries.filter((entry) => entry.path === path));
    return downloadEntries({ id, commit, storage, hub }, chosen, options);
  };

  const weights = ['model.safetensors', 'model.safetensors.index.json'].find(has);
  const lack = weights ? ['config.json', 'tokenizer.json'].find((path) => !has(path)) : 'model.safetensors';
  if (!weights || lack) {
    throw new UserError(
      `${id} (${options.revision}) has no ${lack} on the hub: expected a model with safetensors weights and tokenizer.json`,
    );
  }
  const steps = entries.map(({ path }) => path).filter((path) => STEP_FILES.test(path));
  if (weights === 'model.safetensors') return fetchFiles([...SMALL_FILES, ...steps, weights]);
  await fetchFiles([...SMALL_FILES, ...steps, weights]);
  const shards = await shardNames(join(snapshot, weights));
  const absent = shards.find((shard) => !has(shard));
  if (absent) throw new UserError(`${id} (${options.revision}) has no ${absent}, which its ${weights} names`);
  return fetchFiles(shards);
}
