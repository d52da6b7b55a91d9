/** Mirrors that answer what no hub does: none gets the token, writes outside the cache, or keeps the process busy. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { downloadModel } from '../../lib/hub/download-model.js';

const COMMIT = 'a'.repeat(40);
const servers: Server[] = [];
let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'hostile-hub-'));
  process.env.HF_TOKEN = 'hf_secret';
});
afterEach(async () => {
  delete process.env.HF_TOKEN;
  delete process.env.HF_ENDPOINT;
  rmSync(cache, { recursive: true });
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** A hub that answers with this commit and this listing. */
const hubWith = (sha: unknown, listing: unknown, link?: string): RequestListener => {
  return (request, response) => {
    const headers = { 'Content-Type': 'application/json', ...(link ? { Link: `<${link}>; rel="next"` } : {}) };
    const body = request.url?.includes('/tree/') ? listing : { id: 'a/b', _id: '1', sha };
    response.writeHead(200, request.url?.includes('/tree/') ? headers : { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  };
};
const file = (path: string, more: object = {}) => ({ type: 'file', path, size: 3, oid: 'b'.repeat(40), ...more });
const download = (url: string): Promise<string> => {
  process.env.HF_ENDPOINT = url;
  return downloadModel('a/b', { revision: 'main', cache });
};

it('a listing that goes on at another origin does not take the token there', async () => {
  const other = await serve(hubWith(COMMIT, []));
  const hub = await serve(hubWith(COMMIT, [], `${other.url}/tree/next`));
  await expect(download(hub.url)).rejects.toThrow(/has no model.safetensors/);
  expect(hub.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer hf_secret', 'Bearer hf_secret']);
  expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

it.each(['../../evil', `${'a'.repeat(39)}/`, 7, null, ''])('a commit %j is refused', async (sha) => {
  const hub = await serve(hubWith(sha, []));
  await expect(download(hub.url)).rejects.toThrow(/isn't 40 hexadecimal digits/);
  expect(readdirSync(cache)).toEqual([]);
});

it.each([
  ['a git digest', { oid: '../../../evil' }],
  ['a digest of a large file', { oid: '', lfs: { oid: '../../evil', size: 3, pointerSize: 1 } }],
  ['a size', { size: -1 }],
])('%s that is none is refused, and nothing is written outside the cache', async (_name, wrong) => {
  const names = ['config.json', 'tokenizer.json', 'model.safetensors'];
  const listing = names.map((name) => file(name, wrong));
  const hub = await serve(hubWith(COMMIT, listing));
  await expect(download(hub.url)).rejects.toThrow(/the hub names no (digest|size) for config\.json/);
  expect(existsSync(join(cache, '..', 'evil'))).toBe(false);
});

it('a listing that never ends, ends', async () => {
  let hub = { url: '' };
  hub = await serve((request, response) => hubWith(COMMIT, [], `${hub.url}/tree/again`)(request, response));
  await expect(download(hub.url)).rejects.toThrow(/page after page/);
}, 30_000);

it('an answer that floods is read no further than its limit', async () => {
  const hub = await serve((_request, response) => {
    const piece = Buffer.alloc(2 ** 20, ' ');
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on('drain', more);
    response.writeHead(200, { 'Content-Type': 'application/json' });
    more();
  });
  await expect(download(hub.url)).rejects.toThrow(/over 32 MiB/);
}, 30_000);

it('a wait of an hour is said, not slept through', async () => {
  const hub = await serve((_request, response) => response.writeHead(429, { 'Retry-After': '3600' }).end());
  await expect(download(hub.url)).rejects.toThrow(/HTTP 429.*the server asks to wait 60 minutes/);
});

it('a revision that leads out of the cache is refused', async () => {
  process.env.HF_ENDPOINT = 'http://127.0.0.1:9';
  await expect(downloadModel('a/b', { revision: '../../x', cache })).rejects.toThrow(/encoder\.revision/);
});

it('a model with code of its own is said to be computed without it', async () => {
  const { mkdirSync, writeFileSync } = await import('node:fs');
  const { resolveModelFolder } = await import('../../lib/hub/resolve-model.js');
  const folder = join(cache, 'own-code');
  mkdirSync(folder);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auto_map: { AutoModel: 'modeling.Own' } }));
  const messages: string[] = [];
  const onMessage = ({ text }: { text: string }): void => void messages.push(text);
  expect(await resolveModelFolder(folder, { revision: 'main', onMessage })).toBe(folder);
  expect(messages).toEqual([expect.stringContaining('auto_map: AutoModel')]);
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ auto_map: {} }));
  await resolveModelFolder(folder, { revision: 'main', onMessage });
  expect(messages).toHaveLength(1);
});
