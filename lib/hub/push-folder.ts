/**
 * Files of a folder into a repository of the hub, as one commit. Large ones go to the storage that the hub names (git LFS)
 * before it; those that are there already, from this commit or an earlier try, are not sent again.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commitIter, createRepo, HubApiError, type ListFileEntry, modelInfo, whoAmI } from '@huggingface/hub';
import { Interrupted, UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { LongWait, TransientError } from '../core/retry.js';
import { hashFile } from '../files/hash-file.js';
import { ask } from './connection.js';
import { HUB_ID } from './hub-id.js';
import { commitOf, listRepository } from './repository.js';
import { type UploadConnection, uploadConnection } from './upload-connection.js';

export interface PushFolderOptions extends Reporting {
  /** "user/name". */
  id: string;
  folder: string;
  /** Paths inside the folder, with slashes. Nothing else is sent. */
  files: readonly string[];
  /** Of the commit. */
  title: string;
  /** Whether everybody may read it. */
  isPublic: boolean;
  /** Asked before anything becomes public; absent: that is refused. */
  confirm?: (question: string) => Promise<boolean>;
}

/** What a push did. */
export interface PushedFolder {
  id: string;
  url: string;
  isPublic: boolean;
  /** Of the repository after it. */
  commit: string;
  /** Files that were sent, and those that were there already. */
  sent: string[];
  unchanged: string[];
}

/** @throws UserError for a name that is none, a token that cannot write, or where nobody agrees to make it public */
export async function pushFolder(options: PushFolderOptions): Promise<PushedFolder> {
  const { id, folder, files, title, onProgress } = options;
  const hub = await checkPush(id, options.signal);
  try {
    await checkToken(hub);
    const isPublic = await openRepository(hub, options);
    const url = `${hub.hubUrl}/${id}`;
    const head = await commitOf(hub, id, 'main').catch(absent);
    const there = head === null ? [] : await listRepository(hub, id, head, true);
    const unchanged = await sameFiles(folder, files, there);
    const sent = files.filter((file) => !unchanged.includes(file));
    if (sent.length === 0 && head !== null) return { id, url, isPublic, commit: head, sent, unchanged };
    const commit = await ask(hub, () => commitFiles(hub, { id, folder, files: sent, title }, onProgress));
    return { id, url, isPublic, commit, sent, unchanged };
  } catch (error) {
    throw explained(error, hub, id);
  }
}

/**
 * What can be told without asking the hub, before minutes go into an export.
 *
 * @throws UserError for a name that is none, without a token, or where HF_HUB_OFFLINE is set
 */
export async function checkPush(id: string, signal?: AbortSignal): Promise<UploadConnection> {
  if (!HUB_ID.test(id)) throw new UserError(`${id} is no name of a model on the hub: expected user/name`);
  return uploadConnection(signal);
}

async function checkToken(hub: UploadConnection): Promise<void> {
  const { auth } = await ask(hub, () => whoAmI(hub));
  if (auth?.accessToken?.role === 'read') {
    throw new UserError('HF_TOKEN can only read: make one that can write on https://huggingface.co/settings/tokens');
  }
}

/** Makes the repository where there is none. @returns whether it is public */
async function openRepository(hub: UploadConnection, options: PushFolderOptions): Promise<boolean> {
  const { id, isPublic } = options;
  const existing = await ask(hub, () => modelInfo({ ...hub, name: id })).catch(absent);
  if (existing) {
    if (existing.private && isPublic) {
      throw new UserError(`${id} is private: make it public on ${hub.hubUrl}/${id}/settings, or push without --public`);
    }
    if (!existing.private) await agree(options, `${id} is public: everybody will be able to read what is pushed.`);
    return !existing.private;
  }
  if (isPublic) await agree(options, `${id} will be public: everybody will be able to read what is pushed.`);
  const repo = { type: 'model', name: id } as const;
  await ask(hub, () => createRepo({ ...hub, repo, visibility: isPublic ? 'public' : 'private' }));
  return isPublic;
}

async function agree({ confirm }: PushFolderOptions, warning: string): Promise<void> {
  if (!confirm) throw new UserError(`${warning} Push with --yes to agree`);
  if (!(await confirm(`${warning} Push it?`))) throw new UserError('nothing was pushed');
}

/** Of a repository that is not there. */
function absent(error: unknown): null {
  if (error instanceof HubApiError && error.statusCode === 404) return null;
  throw error;
}

async function sameFiles(folder: string, files: readonly string[], there: readonly ListFileEntry[]): Promise<string[]> {
  const same: string[] = [];
  for (const file of files) {
    const entry = there.find(({ path, type }) => path === file && type === 'file');
    if (entry && (await hasContent(join(folder, file), entry))) same.push(file);
  }
  return same;
}

async function hasContent(path: string, { lfs, oid, size }: ListFileEntry): Promise<boolean> {
  const own = await stat(path);
  if (own.size !== (lfs?.size ?? size)) return false;
  const hash = lfs ? createHash('sha256') : createHash('sha1').update(`blob ${own.size}\0`);
  await hashFile(hash, path);
  return hash.digest('hex') === (lfs?.oid ?? oid);
}

/** @returns the new commit */
async function commitFiles(
  hub: UploadConnection,
  { id, folder, files, title }: { id: string; folder: string; files: readonly string[]; title: string },
  onProgress: Reporting['onProgress'],
): Promise<string> {
  const sizes = new Map<string, number>();
  for (const file of files) sizes.set(file, (await stat(join(folder, file))).size);
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const done = new Map<string, number>();
  const steps = commitIter({
    ...hub,
    ...(hub.signal ? { abortSignal: hub.signal } : {}),
    repo: { type: 'model', name: id },
    title,
    branch: 'main',
    operations: files.map((file) => ({
      operation: 'addOrUpdate' as const,
      path: file,
      content: pathToFileURL(join(folder, file)),
    })),
    // of the two ways to storage the one without a token for a third party
    useXet: false,
  });
  for (;;) {
    const { value, done: isDone } = await steps.next();
    if (isDone) return value?.commit.oid ?? '';
    if (value.event !== 'fileProgress' || value.state !== 'uploading') continue;
    done.set(value.path, value.progress * (sizes.get(value.path) ?? 0));
    const sent = [...done.values()].reduce((sum, bytes) => sum + bytes, 0);
    onProgress?.({ task: `pushing ${id}`, done: Math.round(sent), total, unit: 'bytes' });
  }
}

function explained(error: unknown, hub: UploadConnection, id: string): unknown {
  if (hub.signal?.aborted) {
    return new Interrupted('stopped; files that are on the hub are kept: push again to continue');
  }
  if (error instanceof TransientError || error instanceof LongWait) {
    return new WorkError(`pushing ${id} failed: ${error.message}; what arrived is kept: push again to continue`);
  }
  if (!(error instanceof HubApiError)) return error;
  const { statusCode, message } = error;
  if (statusCode === 401) return new UserError(`${hub.hubUrl} does not know the token in HF_TOKEN: make a new one`);
  if (statusCode === 403) {
    return new UserError(`the token in HF_TOKEN may not write to ${id}: use your own name, or a token that may write`);
  }
  return new WorkError(`${hub.hubUrl} refused to take ${id}: ${message} (HTTP ${statusCode})`);
}
