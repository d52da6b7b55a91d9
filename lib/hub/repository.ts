/**
 * A repository of the hub and its place in the cache: which commit a branch is, what files it has, and how they come here.
 * What a server says is checked before it becomes part of a path: commits and digests are hexadecimal, names stay inside.
 */
import { copyFile, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type ListFileEntry, listFiles, modelInfo } from '@huggingface/hub';
import { UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { replaceFile } from '../files/lasting.js';
import { ask, type Connection } from './connection.js';
import { downloadVerified, type RemoteFile } from './download-file.js';

export const COMMIT: RegExp = /^[0-9a-f]{40}$/;
const SHA256 = /^[0-9a-f]{64}$/;
/** Entries of a listing; the largest repositories of models have a few thousand. */
const MAX_ENTRIES = 100_000;

/** The commit that a revision is. @throws Error where the answer is no commit; whatever {@link ask} throws */
export async function commitOf(hub: Connection, id: string, revision: string): Promise<string> {
  const { sha } = await ask(hub, () => modelInfo({ ...hub, name: id, revision, additionalFields: ['sha'] }));
  if (typeof sha !== 'string' || !COMMIT.test(sha)) {
    throw new Error(`the commit ${JSON.stringify(sha)} isn't 40 hexadecimal digits`);
  }
  return sha;
}

/** The commit that the cache has for a revision; null where it has none. */
export async function cachedCommit(storage: string, revision: string): Promise<string | null> {
  if (COMMIT.test(revision)) return revision;
  const commit = await readFile(referencePath(storage, revision), 'utf8').catch(() => '');
  return COMMIT.test(commit.trim()) ? commit.trim() : null;
}

/** Notes the commit of a branch or tag. */
export async function writeReference(storage: string, revision: string, commit: string): Promise<void> {
  const reference = referencePath(storage, revision);
  await mkdir(dirname(reference), { recursive: true });
  await writeFileAtomic(reference, commit);
}

function referencePath(storage: string, revision: string): string {
  if (!isInside(revision)) {
    throw new UserError(`encoder.revision = "${revision}": expected a branch, tag or commit such as main`);
  }
  return join(storage, 'refs', revision);
}

/** Whether a path leads nowhere but down. */
function isInside(path: string): boolean {
  return path.split('/').every((part) => /^[\w.@+ -]+$/.test(part) && !/^\.+$/.test(part));
}

/** All entries of a commit. */
export function listRepository(
  hub: Connection,
  id: string,
  commit: string,
  recursive = false,
): Promise<ListFileEntry[]> {
  return ask(hub, async () => {
    const all: ListFileEntry[] = [];
    for await (const entry of listFiles({ ...hub, repo: id, revision: commit, recursive })) {
      all.push(entry);
      if (all.length > MAX_ENTRIES) {
        throw new WorkError(`${id} lists over ${MAX_ENTRIES} files: expected a model; check HF_ENDPOINT`);
      }
    }
    return all;
  });
}

export interface RepositoryFiles {
  id: string;
  commit: string;
  /** Folder of the repository in the cache. */
  storage: string;
  hub: Connection;
}

/** Downloads entries of a listing as files of a folder. What an earlier call left half done is continued. */
export async function downloadInto(
  folder: string,
  { id, commit, hub }: Omit<RepositoryFiles, 'storage'>,
  entries: readonly ListFileEntry[],
  options: Reporting,
): Promise<void> {
  const files = remoteFiles({ id, commit, hub }, entries);
  await downloadAll({ id, hub }, files, options, (file) => join(folder, file.path));
}

/** Downloads entries of a listing, and links them into the snapshot of the commit. */
export async function downloadEntries(
  { id, commit, storage, hub }: RepositoryFiles,
  entries: readonly ListFileEntry[],
  options: Reporting,
): Promise<void> {
  const files = remoteFiles({ id, commit, hub }, entries);
  const snapshot = join(storage, 'snapshots', commit);
  const blobOf = (file: RemoteFile): string => join(storage, 'blobs', file.digest.hex);
  await downloadAll({ id, hub }, files, options, blobOf, (file) => link(blobOf(file), join(snapshot, file.path)));
}

function remoteFiles(
  { id, commit, hub }: Omit<RepositoryFiles, 'storage'>,
  entries: readonly ListFileEntry[],
): RemoteFile[] {
  return entries.map((entry) => remoteFile(entry, `${hub.hubUrl}/${id}/resolve/${commit}/${entry.path}`));
}

/** One file after the other, with one progress for all. */
async function downloadAll(
  { id, hub }: Pick<RepositoryFiles, 'id' | 'hub'>,
  files: readonly RemoteFile[],
  options: Reporting,
  targetOf: (file: RemoteFile) => string,
  finish: (file: RemoteFile) => Promise<void> = async () => undefined,
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
    const onBytes = (done: number): void => report(before + done);
    await downloadVerified(file, targetOf(file), { headers, patience: hub.patience, signal: options.signal, onBytes });
    await finish(file);
    before += file.size;
    report(before);
  }
}

function remoteFile(entry: ListFileEntry, url: string): RemoteFile {
  const { path, lfs, oid } = entry;
  if (!isInside(path)) throw new WorkError(`the hub names the file ${JSON.stringify(path)}: it isn't downloaded`);
  const size = lfs?.size ?? entry.size;
  if (!Number.isSafeInteger(size) || size < 0) throw new WorkError(`the hub names no size for ${path}`);
  if (lfs && SHA256.test(lfs.oid)) return { path, url, size, digest: { algorithm: 'sha256', hex: lfs.oid } };
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
    await replaceFile(`${pointer}.incomplete`, pointer);
  }
}
