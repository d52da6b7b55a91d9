/**
 * A hub on loopback that takes models: whoami, repositories, preupload, git LFS with storage on another origin, commits;
 * and gives them back by tree and `resolve`. As huggingface.co speaks, so far as @huggingface/hub asks.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gitBlob, sha256 } from './hub-server.js';

export interface PushRequest {
  method: string;
  url: string;
  authorization: string | undefined;
  /** Whether it came to the storage. */
  storage: boolean;
}

export interface PushHub {
  url: string;
  requests: PushRequest[];
  repositories: Map<string, { private: boolean; files: Map<string, Buffer>; commits: string[] }>;
  /** Large objects by SHA-256. */
  objects: Map<string, Buffer>;
  faults: {
    /** Storage drops so many uploads. */
    dropUploads?: number;
    /** The API answers so many requests with this status. */
    status?: { code: number; times: number };
    role?: 'read' | 'write';
    /** Every API address leads to the storage's origin. */
    redirect?: boolean;
    /** Bytes of a part, for uploads in several. */
    partBytes?: number;
  };
  close(): Promise<void>;
}

const TOKEN = 'hf_of_the_test';
export const PUSH_TOKEN = TOKEN;
/** As the hub's .gitattributes have it. */
const isLarge = (path: string): boolean => /\.(safetensors|onnx|onnx_data)$/.test(path);

export async function startPushHub(): Promise<PushHub> {
  const parts = new Map<string, Map<number, Buffer>>();
  const hub: PushHub = {
    url: '',
    requests: [],
    repositories: new Map(),
    objects: new Map(),
    faults: {},
    close: async () => {
      for (const server of [front, storage]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  const storageUrl = (): string => `http://127.0.0.1:${(storage.address() as AddressInfo).port}`;

  const front = createServer(async (request, response) => {
    record(hub, request, false);
    const body = await bodyOf(request);
    const { faults } = hub;
    if (faults.redirect) return response.writeHead(307, { Location: `${storageUrl()}${request.url}` }).end();
    if (faults.status && faults.status.times > 0) {
      faults.status.times--;
      return json(response, faults.status.code, { error: 'as asked' });
    }
    const url = new URL(request.url ?? '', hub.url);
    const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
    if (!isKnown) return json(response, 401, { error: 'Invalid credentials' });
    return answer(hub, url, body, response, storageUrl(), parts);
  });

  const storage = createServer(async (request, response) => {
    record(hub, request, true);
    const body = await bodyOf(request);
    const [, kind, oid = '', part] = (request.url ?? '').split('/');
    if (request.method === 'GET') {
      const found = hub.objects.get(oid);
      return found
        ? response.writeHead(200, { 'Content-Length': found.length }).end(found)
        : response.writeHead(404).end();
    }
    if (hub.faults.dropUploads && hub.faults.dropUploads > 0) {
      hub.faults.dropUploads--;
      return response.destroy();
    }
    if (kind === 'part') {
      const own = parts.get(oid) ?? new Map<number, Buffer>();
      parts.set(oid, own.set(Number(part), body));
      return response.writeHead(200, { ETag: `"${sha256(body)}"` }).end();
    }
    const whole =
      kind === 'complete'
        ? Buffer.concat([...(parts.get(oid) ?? [])].sort(([a], [b]) => a - b).map(([, piece]) => piece))
        : body;
    if (sha256(whole) !== oid) return response.writeHead(400).end();
    hub.objects.set(oid, whole);
    return response.writeHead(200).end();
  });

  const listen = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  await Promise.all([listen(front), listen(storage)]);
  hub.url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  return hub;
}

function record(hub: PushHub, { method = '', url = '', headers }: IncomingMessage, storage: boolean): void {
  hub.requests.push({ method, url, authorization: headers.authorization, storage });
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function answer(
  hub: PushHub,
  url: URL,
  body: Buffer,
  response: ServerResponse,
  storageUrl: string,
  parts: Map<string, Map<number, Buffer>>,
): unknown {
  const path = url.pathname.split('/').slice(1).map(decodeURIComponent);
  const read = <T>(): T => JSON.parse(body.toString('utf8')) as T;
  if (url.pathname === '/api/whoami-v2') {
    const accessToken = { displayName: 'test', role: hub.faults.role ?? 'write' };
    return json(response, 200, { type: 'user', id: '1', name: 'user', auth: { type: 'access_token', accessToken } });
  }
  if (url.pathname === '/api/repos/create') {
    const { name, organization, visibility } = read<{ name: string; organization: string; visibility: string }>();
    const id = `${organization}/${name}`;
    if (organization !== 'user') return json(response, 403, { error: 'not yours' });
    hub.repositories.set(id, { private: visibility === 'private', files: new Map(), commits: [] });
    return json(response, 200, { url: `${hub.url}/${id}`, id });
  }
  if (url.pathname.includes('/info/lfs/objects/batch')) return lfsBatch(hub, read(), response, storageUrl, parts);
  const isApi = path[0] === 'api';
  const [owner, name, what, revision = ''] = isApi ? path.slice(2) : path;
  const repository = hub.repositories.get(`${owner}/${name}`);
  if (!repository) return json(response, 404, { error: 'Repository not found' });
  const head = repository.commits.at(-1);
  if (!isApi) return resolveFile(repository.files.get(path.slice(4).join('/')), path.at(-1)!, response, storageUrl);
  if (what === undefined || what === 'revision') {
    if (what === 'revision' && head === undefined) return json(response, 404, { error: 'no such revision' });
    const lastModified = '2026-01-01T00:00:00.000Z';
    return json(response, 200, {
      _id: '1',
      id: `${owner}/${name}`,
      private: repository.private,
      sha: head,
      lastModified,
    });
  }
  if (what === 'preupload') {
    const { files } = read<{ files: { path: string }[] }>();
    const modes = files.map((file) => ({ path: file.path, uploadMode: isLarge(file.path) ? 'lfs' : 'regular' }));
    return json(response, 200, { files: modes });
  }
  if (what === 'tree') {
    if (revision !== head && revision !== 'main') return json(response, 404, { error: 'no such revision' });
    return json(
      response,
      200,
      [...repository.files].map(([file, content]) => treeEntry(file, content)),
    );
  }
  if (what !== 'commit') return json(response, 404, { error: 'not spoken here' });
  for (const line of body.toString('utf8').split('\n').filter(Boolean)) {
    const { key, value } = JSON.parse(line) as { key: string; value: Record<string, string> };
    if (key === 'file') repository.files.set(value.path!, Buffer.from(value.content!, 'base64'));
    if (key !== 'lfsFile') continue;
    const content = hub.objects.get(value.oid!);
    if (!content) return json(response, 400, { error: `${value.path} was not uploaded` });
    repository.files.set(value.path!, content);
  }
  const commit = createHash('sha1').update(body).update(String(repository.commits.length)).digest('hex');
  repository.commits.push(commit);
  return json(response, 200, { commitOid: commit, commitUrl: `${hub.url}/commit/${commit}`, hookOutput: '' });
}

function treeEntry(path: string, content: Buffer): unknown {
  const lfs = isLarge(path) ? { lfs: { oid: sha256(content), size: content.length, pointerSize: 134 } } : {};
  return { type: 'file', path, size: content.length, oid: gitBlob(content), ...lfs };
}

function resolveFile(content: Buffer | undefined, name: string, response: ServerResponse, storageUrl: string): unknown {
  if (!content) return json(response, 404, { error: 'Entry not found' });
  if (isLarge(name)) return response.writeHead(302, { Location: `${storageUrl}/object/${sha256(content)}` }).end();
  return response.writeHead(200, { 'Content-Length': content.length }).end(content);
}

function lfsBatch(
  hub: PushHub,
  { objects }: { objects: { oid: string; size: number }[] },
  response: ServerResponse,
  storageUrl: string,
  parts: Map<string, Map<number, Buffer>>,
): void {
  const { partBytes } = hub.faults;
  const answers = objects.map(({ oid, size }) => {
    if (hub.objects.has(oid)) return { oid, size };
    if (partBytes === undefined || size <= partBytes) {
      return { oid, size, actions: { upload: { href: `${storageUrl}/object/${oid}` } } };
    }
    parts.delete(oid);
    const count = Math.ceil(size / partBytes);
    const header = Object.fromEntries(
      Array.from({ length: count }, (_, i) => [String(i + 1).padStart(5, '0'), `${storageUrl}/part/${oid}/${i + 1}`]),
    );
    const upload = { href: `${storageUrl}/complete/${oid}`, header: { ...header, chunk_size: String(partBytes) } };
    return { oid, size, actions: { upload } };
  });
  json(response, 200, { transfer: partBytes === undefined ? 'basic' : 'multipart', objects: answers });
}
