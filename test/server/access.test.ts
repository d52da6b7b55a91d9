/** Who may ask: keys, names of the machine, origins; and nothing of a request leaks into messages and metrics. */
import { writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningServer, serveEncoder } from '../../lib/server/serve.js';
import { workFolder, writeTinyModel } from '../../test/cli/command-line.js';
import { get, post, serveForTest } from './serving.js';

const cwd = workFolder();
const model = join(cwd, 'model');
const KEY = 'a-key-of-some-length';
let open: RunningServer;
let locked: RunningServer;
const messages: string[] = [];
beforeAll(async () => {
  await writeTinyModel(model);
  writeFileSync(join(cwd, 'keys'), `${KEY}\nanother-key-of-some-length\n`);
  open = await serveForTest(model, {
    allowedOrigins: ['https://pages.example'],
    hostNames: ['embeddings.example'],
    onMessage: ({ text }) => messages.push(text),
  });
  locked = await serveForTest(model, { apiKeyFile: join(cwd, 'keys') });
});
afterAll(async () => {
  await open?.stop();
  await locked?.stop();
});

/** fetch does not let anybody set the Host header. */
function withHost(server: RunningServer, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: server.port, path: '/v1/models', headers: { host } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    asked.on('error', reject).end();
  });
}

describe('without a key', () => {
  it.each(['localhost', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST:1', 'embeddings.example'])(
    'answers to %s',
    async (host) => {
      expect(await withHost(open, host)).toBe(200);
    },
  );

  it.each(['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:8080', '10.0.0.1', 'localhost:80:80'])(
    'refuses %s, a page elsewhere whose name means this machine',
    async (host) => {
      expect(await withHost(open, host)).toBeGreaterThanOrEqual(400);
    },
  );

  it('is not for other machines', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org']) {
      await expect(serveEncoder(model, { host, port: 0 })).rejects.toThrow(
        `--host ${host} lets other machines ask, and there is no key`,
      );
    }
  });

  it('lets pages of named origins read, and no others', async () => {
    const from = (origin: string) => post(open.url, { input: 'x' }, { origin });
    expect((await from('https://pages.example')).headers.get('access-control-allow-origin')).toBe(
      'https://pages.example',
    );
    expect((await from('https://other.example')).headers.get('access-control-allow-origin')).toBe(null);
    const headers = { origin: 'https://pages.example', 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${open.url}/v1/embeddings`, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    const closed = await post(
      locked.url,
      { input: 'x' },
      { origin: 'https://pages.example', authorization: `Bearer ${KEY}` },
    );
    expect(closed.headers.get('access-control-allow-origin')).toBe(null);
    await expect(serveEncoder(model, { allowedOrigins: ['*'] })).rejects.toThrow('the origin "*"');
  });
});

describe('with keys', () => {
  it('answers to each of them, as a bearer or as the password of a browser', async () => {
    for (const authorization of [`Bearer ${KEY}`, 'bearer another-key-of-some-length', `Basic ${btoa(`me:${KEY}`)}`]) {
      expect(await post(locked.url, { input: 'x' }, { authorization })).toMatchObject({ status: 200 });
    }
    expect(await withHost(locked, 'evil.example')).toBe(401);
  });

  it('refuses everything else, but says that it lives', async () => {
    for (const authorization of [
      '',
      'Bearer',
      `Bearer ${KEY}x`,
      `Bearer ${KEY.slice(1)}`,
      KEY,
      `Basic ${KEY}`,
      `Basic ${btoa(':')}`,
    ]) {
      const { status, headers, body } = await post(
        locked.url,
        { input: 'x' },
        authorization === '' ? {} : { authorization },
      );
      expect(status, authorization).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer');
      expect(JSON.stringify(body)).not.toContain(KEY);
    }
    for (const path of ['/metrics', '/v1/models', '/search?q=x', '/nowhere', '/v1/models/x']) {
      expect((await get(locked.url, path)).status, path).toBe(401);
    }
    const page = await get(locked.url, '/search', { accept: 'text/html' });
    expect(page.headers.get('www-authenticate')).toMatch(/^Basic /);
    expect(await get(locked.url, '/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('come from the environment or a file, and are refused where they are easily guessed', async () => {
    const withKeys = (text: string): Promise<RunningServer> => {
      writeFileSync(join(cwd, 'other-keys'), text);
      return serveEncoder(model, { port: 0, apiKeyFile: join(cwd, 'other-keys') });
    };
    await expect(withKeys('\n')).rejects.toThrow('holds no key');
    await expect(withKeys('short\n')).rejects.toThrow('too short');
    await expect(withKeys('a key with white space\n')).rejects.toThrow('too short or holds other than ASCII');
    await expect(serveEncoder(model, { apiKeyFile: join(cwd, 'none') })).rejects.toThrow('cannot be read (ENOENT)');
    vi.stubEnv('LLM_EMBEDDING_API_KEY', '');
    await expect(serveEncoder(model, { port: 0 })).rejects.toThrow('LLM_EMBEDDING_API_KEY holds no key');
    vi.stubEnv('LLM_EMBEDDING_API_KEY', 'from-the-environment');
    const server = await serveForTest(model, { host: '0.0.0.0' });
    vi.unstubAllEnvs();
    const url = `http://127.0.0.1:${server.port}`;
    expect((await post(url, { input: 'x' })).status).toBe(401);
    expect((await post(url, { input: 'x' }, { authorization: 'Bearer from-the-environment' })).status).toBe(200);
    await server.stop();
  });
});

it('says nothing of clients that leave while they send', async () => {
  const socket = connect(open.port, '127.0.0.1');
  socket.write(
    'POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
  );
  await delay(100);
  socket.destroy();
  const gone = 'llm_embedding_http_requests_total{route="/v1/embeddings",status="499"} 1';
  for (let i = 0; i < 100 && !(await get(open.url, '/metrics')).body.includes(gone); i++) await delay(20);
  expect((await get(open.url, '/metrics')).body).toContain(gone);
  expect(messages.filter((text) => text.includes('failed'))).toEqual([]);
});

it('counts for Prometheus, and keeps texts out of metrics and messages', async () => {
  const secret = 'zyzzyva confidential';
  await post(open.url, { input: [secret, `${secret} again`] });
  await post(open.url, { input: secret, dimensions: 'x' });
  await get(open.url, `/search?q=${secret}`);
  await get(open.url, `/${encodeURIComponent(secret)}`);
  const { body, headers } = await get(open.url, '/metrics');
  expect(headers.get('content-type')).toContain('text/plain');
  expect(body).toMatch(/llm_embedding_http_requests_total\{route="\/v1\/embeddings",status="200"\} [1-9]/);
  expect(body).toMatch(/llm_embedding_http_requests_total\{route="\/v1\/embeddings",status="400"\} [1-9]/);
  expect(body).toMatch(/llm_embedding_http_requests_total\{route="other",status="404"\} [1-9]/);
  expect(body).toMatch(/\nllm_embedding_texts_total [1-9]/);
  expect(body).toMatch(/\nllm_embedding_queue_tokens 0\n/);
  expect(body).toContain('process_cpu_seconds_total');
  expect(body).not.toContain('zyzzyva');
  expect(messages.join('\n')).not.toContain('zyzzyva');
});
