/**
 * A hub on loopback that speaks the protocol of huggingface.co as far as models need it: revision and tree of the API,
 * and `resolve` with ETag, X-Repo-Commit, Range, and the redirect of large files to storage on another origin.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface HubRequest {
  url: string;
  range: string | undefined;
  authorization: string | undefined;
}

/** What the server does wrong; each may be set and unset between requests. */
export interface Faults {
  /** Drop the connection after so many bytes of a large file, this many times. */
  cut?: { after: number; times: number };
  /** Change one byte of large files. */
  corrupt?: boolean;
  /** Answer requests for a range with the whole file. */
  ignoreRange?: boolean;
  /** Answer all API requests with this status. */
  status?: number;
  /** Send large files in pieces of this many bytes, a hundred pieces a second. */
  slowPieces?: number;
  /** What befalls the answer to a question to the API, or for a file; null: nothing. */
  of?: (asked: 'api' | 'file') => HubFault | null;
}

type Send = (status: number, content: Buffer, headers?: Record<string, string | number>) => void;

const PAGE = Buffer.from('<!DOCTYPE html>\n<html><title>Sign in</title></html>');
const ERROR = Buffer.from('{"error": "as asked"}');
const halfOf = (body: Buffer): Buffer => body.subarray(0, Math.floor(body.length / 2));

/** What may befall any answer. */
const FAULTS = {
  'no answer': () => undefined,
  'silence within the body': ({ body, response }) =>
    response.writeHead(200, { 'Content-Length': body.length }).write(halfOf(body)),
  'reset before the headers': ({ response }) => response.destroy(),
  'reset within the body': ({ body, response }) =>
    response.writeHead(200, { 'Content-Length': body.length }).write(halfOf(body), () => response.destroy()),
  'a shorter body': ({ body, send }) => send(200, halfOf(body)),
  'a longer body': ({ body, send }) => send(200, Buffer.concat([body, Buffer.from(' and more')])),
  'a wrong byte': ({ body, send }) => {
    const wrong = Buffer.from(body);
    wrong[body.length - 2] = (body[body.length - 2] as number) ^ 1;
    send(200, wrong);
  },
  'a web page': ({ send }) => send(200, PAGE, { 'Content-Type': 'text/html; charset=utf-8' }),
  'a web page that does not say so': ({ send }) => send(200, PAGE),
  'an empty body': ({ send }) => send(200, Buffer.alloc(0)),
  'a redirect to itself': ({ send, response }) => send(302, Buffer.alloc(0), { Location: response.req.url ?? '' }),
  '404': ({ send }) => send(404, ERROR),
  '429': ({ send }) => send(429, ERROR),
  '500': ({ send }) => send(500, ERROR),
  '503 with Retry-After': ({ send }) => send(503, ERROR, { 'Retry-After': '0' }),
  'another range': ({ body, send }) => {
    const half = halfOf(body);
    send(206, half, { 'Content-Range': `bytes 1-${half.length}/${body.length}` });
  },
  'a body of another encoding': ({ body, send }) => send(200, gzipSync(body), { 'Content-Encoding': 'gzip' }),
} satisfies Record<string, (answer: { body: Buffer; response: ServerResponse; send: Send }) => unknown>;

export type HubFault = keyof typeof FAULTS;
export const HUB_FAULTS = Object.keys(FAULTS) as HubFault[];

function sendFaulty(fault: HubFault, response: ServerResponse, body: Buffer): void {
  const send: Send = (status, content, headers = {}) => {
    response.writeHead(status, { 'Content-Length': content.length, ...headers }).end(content);
  };
  FAULTS[fault]({ body, response, send });
}

export interface FakeHub {
  url: string;
  requests: HubRequest[];
  faults: Faults;
  /** Bytes of large files that were sent. */
  sent: number;
  /** Replaces the files of the model; returns the commit. */
  publish(files: Record<string, Buffer>): string;
  close(): Promise<void>;
}

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
export const gitBlob = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
const isLarge = (path: string): boolean => path.endsWith('.safetensors');

export async function startHub(id: string): Promise<FakeHub> {
  const commits = new Map<string, Record<string, Buffer>>();
  let head = '';
  const hub: FakeHub = {
    url: '',
    requests: [],
    faults: {},
    sent: 0,
    publish(files) {
      head = createHash('sha1')
        .update(JSON.stringify(Object.entries(files).map(([k, v]) => [k, sha256(v)])))
        .digest('hex');
      commits.set(head, files);
      return head;
    },
    close: async () => {
      for (const server of [front, storage]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  const record = (request: IncomingMessage): void => {
    const { range, authorization } = request.headers;
    hub.requests.push({ url: request.url ?? '', range, authorization });
  };
  const json = (response: ServerResponse, status: number, body: unknown): void => {
    const fault = hub.faults.of?.('api');
    if (fault) {
      sendFaulty(fault, response, Buffer.from(JSON.stringify(body)));
      return;
    }
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  };

  const front = createServer((request, response) => {
    record(request);
    const url = new URL(request.url ?? '', hub.url);
    const path = url.pathname.split('/').slice(1);
    const isApi = url.pathname.startsWith('/api/');
    const resolved = (revision: string): string => (revision === 'main' ? head : decodeURIComponent(revision));
    if (isApi) {
      const [, , owner, name, what, revision = ''] = path;
      const files = commits.get(resolved(revision));
      if (hub.faults.status) return json(response, hub.faults.status, { error: 'as asked' });
      if (`${owner}/${name}` !== id || !files) return json(response, 404, { error: 'Repository not found' });
      if (what === 'revision') {
        return json(response, 200, { _id: '1', id, sha: resolved(revision), lastModified: '2025-01-01T00:00:00.000Z' });
      }
      const entries = Object.entries(files).map(([name, content]) => ({
        type: 'file',
        path: name,
        size: content.length,
        oid: gitBlob(content),
        ...(isLarge(name) && { lfs: { oid: sha256(content), size: content.length, pointerSize: 134 } }),
      }));
      return json(response, 200, entries);
    }
    const [, , , revision = '', file = ''] = path;
    const content = commits.get(resolved(revision))?.[file];
    if (!content) return json(response, 404, { error: 'Entry not found' });
    const fault = isLarge(file) ? null : hub.faults.of?.('file');
    if (fault) {
      sendFaulty(fault, response, content);
      return;
    }
    const headers = { 'X-Repo-Commit': resolved(revision), 'Accept-Ranges': 'bytes' };
    if (isLarge(file)) {
      const etag = sha256(content);
      const location = `http://127.0.0.1:${(storage.address() as AddressInfo).port}/${etag}`;
      response.writeHead(302, {
        ...headers,
        Location: location,
        'X-Linked-Etag': `"${etag}"`,
        'X-Linked-Size': content.length,
      });
      return response.end();
    }
    response.writeHead(200, { ...headers, ETag: `"${gitBlob(content)}"`, 'Content-Length': content.length });
    return response.end(content);
  });

  const storage = createServer(async (request, response) => {
    record(request);
    const { faults } = hub;
    const content = [...commits.values()]
      .flatMap((files) => Object.values(files))
      .find((file) => request.url === `/${sha256(file)}`);
    if (!content) return response.writeHead(404).end();
    const fault = faults.of?.('file');
    if (fault) {
      sendFaulty(fault, response, content);
      return;
    }
    let body = content;
    if (faults.corrupt) {
      body = Buffer.from(content);
      body[content.length - 1] = (body[content.length - 1] as number) ^ 1;
    }
    const start = faults.ignoreRange ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = body.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      'Content-Length': rest.length,
      ...(start > 0 && { 'Content-Range': `bytes ${start}-${body.length - 1}/${body.length}` }),
    });
    if (faults.cut && faults.cut.times > 0) {
      faults.cut.times--;
      hub.sent += faults.cut.after;
      response.write(rest.subarray(0, faults.cut.after), () => setTimeout(() => response.destroy(), 50));
      return;
    }
    const piece = faults.slowPieces ?? rest.length;
    for (let at = 0; at < rest.length && !response.destroyed; at += piece) {
      response.write(rest.subarray(at, at + piece));
      hub.sent += Math.min(piece, rest.length - at);
      if (faults.slowPieces) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    response.end();
  });

  const listen = (server: Server): Promise<void> => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  await Promise.all([listen(front), listen(storage)]);
  hub.url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  return hub;
}
