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
import { copyFile, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { getHFHubCachePath, getRepoFolderName, type ListFileEntry, listFiles, modelInfo } from '@huggingface/hub';
import { UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { ask, type Connection, connection, explain, isOffline, unreachable } from './connection.js';
import { downloadVerified, type RemoteFile, TransientError } from './download-file.js';
import { missingModelFiles, shardNames } from './model-files.js';

export interface HubOptions extends Reporting {
  /** Branch, tag or commit. */
  revision: string;
  /** Folder of the cache, instead of the one that the environment names. */
  cache?: string;
}

/** What is fetched beside the weights, where the repository has it. */
const SMALL_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'special_tokens_map.json'];
const COMMIT = /^[0-9a-f]{40}$/;

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

  const hub = await connection(options.signal);
  let commit: string;
  try {
    const info = await ask(hub, () => modelInfo({ ...hub, name: id, revision, additionalFields: ['sha'] }));
    commit = info.sha;
    if (!COMMIT.test(commit)) throw new Error(`the commit "${commit}" isn't 40 hexadecimal digits`);
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
    const reference = join(storage, 'refs', revision);
    await mkdir(dirname(reference), { recursive: true });
    await writeFileAtomic(reference, commit);
  }
  return snapshot;
}

/** The snapshot that the cache has for a revision, complete or not; null when it has none. */
async function cachedSnapshot(storage: string, revision: string): Promise<string | null> {
  if (COMMIT.test(revision)) return join(storage, 'snapshots', revision);
  const commit = await readFile(join(storage, 'refs', revision), 'utf8').catch(() => null);
  return commit === null ? null : join(storage, 'snapshots', commit.trim());
}

/** Fetches what the model needs, small files first: the weights complete the snapshot. */
async function downloadSnapshot(
  id: string,
  commit: string,
  storage: string,
  hub: Connection,
  options: HubOptions,
): Promise<void> {
  const entries = await ask(hub, () => listAll(listFiles({ ...hub, repo: id, revision: commit })));
  const has = (path: string): boolean => entries.some((entry) => entry.path === path && entry.type === 'file');
  const snapshot = join(storage, 'snapshots', commit);
  const fetchFiles = (paths: string[]): Promise<void> => {
    const files = paths
      .flatMap((path) => entries.filter((entry) => entry.path === path))
      .map((entry) => remoteFile(entry, `${hub.hubUrl}/${id}/resolve/${commit}/${entry.path}`));
    return downloadFiles(id, files, storage, snapshot, hub, options);
  };

  const weights = ['model.safetensors', 'model.safetensors.index.json'].find(has);
  const lack = weights ? ['config.json', 'tokenizer.json'].find((path) => !has(path)) : 'model.safetensors';
  if (!weights || lack) {
    throw new UserError(
      `${id} (${options.revision}) has no ${lack} on the hub: expected a model with safetensors weights and tokenizer.json`,
    );
  }
  if (weights === 'model.safetensors') return fetchFiles([...SMALL_FILES, weights]);
  await fetchFiles([...SMALL_FILES, weights]);
  const shards = await shardNames(join(snapshot, weights));
  const absent = shards.find((shard) => !has(shard));
  if (absent) throw new UserError(`${id} (${options.revision}) has no ${absent}, which its ${weights} names`);
  return fetchFiles(shards);
}

async function downloadFiles(
  id: string,
  files: RemoteFile[],
  storage: string,
  snapshot: string,
  hub: Connection,
  options: HubOptions,
): Promise<void> {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const headers: Record<string, string> = hub.accessToken ? { Authorization: `Bearer ${hub.accessToken}` } : {};
  let before = 0;
  let told = 0;
  const report = (done: number): void => {
    if (done - told < 1_000_000 && done < total) return; // a megabyte at a time is often enough
    told = done;
    options.onProgress?.({ task: `downloading ${id}`, done, total, unit: 'bytes' });
  };
  for (const file of files) {
    const blob = join(storage, 'blobs', file.digest.hex);
    await downloadVerified(file, blob, { headers, signal: options.signal, onBytes: (done) => report(before + done) });
    await link(blob, join(snapshot, file.path));
    before += file.size;
    report(before);
  }
}

function remoteFile(entry: ListFileEntry, url: string): RemoteFile {
  const { path, lfs, oid } = entry;
  if (lfs && /^[0-9a-f]{64}$/.test(lfs.oid)) {
    return { path, url, size: lfs.size, digest: { algorithm: 'sha256', hex: lfs.oid } };
  }
  if (oid && COMMIT.test(oid)) return { path, url, size: entry.size, digest: { algorithm: 'git', hex: oid } };
  throw new WorkError(`the hub names no digest for ${path}: it can't be verified, so it isn't downloaded`);
}

/** A relative link, so that the cache can be moved; a copy where links aren't allowed (Windows). */
async function link(blob: string, pointer: string): Promise<void> {
  await mkdir(dirname(pointer), { recursive: true });
  await rm(pointer, { force: true });
  try {
    await symlink(relative(dirname(pointer), blob), pointer);
  } catch {
    await copyFile(blob, `${pointer}.incomplete`);
    await rename(`${pointer}.incomplete`, pointer);
  }
}

async function listAll(entries: AsyncGenerator<ListFileEntry>): Promise<ListFileEntry[]> {
  const all: ListFileEntry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}
