/** The server under load, with clients that leave or dawdle, and when it stops. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import { type LoadedEncoder, loadEncoder } from '../../lib/pipeline/load-encoder.js';
import { complaint, llmEmbedding, workFolder, writeTinyModel } from '../../test/cli/command-line.js';
import { get, largestDifference, post, raw, serveForTest } from './serving.js';

const BINARY = fileURLToPath(new URL('../../bin/llm-embedding.mjs', import.meta.url));
const cwd = workFolder();
const model = join(cwd, 'model');
let encoder: LoadedEncoder;
/** Of 1 to 60 words. */
let texts: string[];
beforeAll(async () => {
  await writeTinyModel(model);
  encoder = await loadEncoder(model);
  const random = new Random(5, 'texts');
  const words = 'the field of a black hole decays as its mass grows'.split(' ');
  texts = Array.from({ length: 200 }, () =>
    Array.from({ length: 1 + random.integer(60) }, () => random.pick(words)).join(' '),
  );
});
afterAll(() => encoder?.close());

const manyTexts = (n: number): string[] => Array.from({ length: n }, (_, i) => `${texts[i % texts.length]} ${i}`);

describe('under load', () => {
  it('gives 64 clients with texts of mixed lengths what encode gives, without an error', async () => {
    const server = await serveForTest(model);
    const served: number[][] = [];
    let next = 0;
    const client = async (): Promise<void> => {
      for (let i = next++; i < texts.length; i = next++) {
        const { status, body } = await post(server.url, { input: texts[i] });
        expect(status).toBe(200);
        served[i] = body.data[0].embedding;
      }
    };
    await Promise.all(Array.from({ length: 64 }, client));
    expect(await largestDifference(served, encoder, texts)).toBeLessThan(1e-6);
    const { body } = await get(server.url, '/metrics');
    const [, batches = ''] = /llm_embedding_batch_texts_count (\d+)/.exec(body) ?? [];
    // How many share a batch depends on how fast this machine is and on what else it does.
    expect(Number(batches)).toBeLessThan(texts.length);
    await server.stop();
  });

  it('answers 429 with Retry-After when its queue is full, and 200 to who tries again', async () => {
    const server = await serveForTest(model, { limits: { queuedTokens: 2500 } });
    const input = manyTexts(10);
    const first = await Promise.all(Array.from({ length: 40 }, () => post(server.url, { input })));
    const busy = first.filter(({ status }) => status === 429);
    expect(busy.length).toBeGreaterThan(0);
    expect(first.every(({ status }) => status === 200 || status === 429)).toBe(true);
    for (const { headers, body } of busy) {
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(body.error).toMatchObject({ type: 'rate_limit_error', code: 'queue_full' });
    }
    expect((await post(server.url, { input })).status).toBe(200);
    await server.stop();
  });

  it('bounds the bytes of all bodies together', async () => {
    const server = await serveForTest(model, { limits: { allBodyBytes: 50_000 } });
    const input = 'x'.repeat(40_000);
    const answers = await Promise.all([post(server.url, { input }), post(server.url, { input })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 429]);
    expect((await post(server.url, { input })).status).toBe(200);
    await server.stop();
  });
});

describe('clients', () => {
  it('that leave take their work out of the queue', async () => {
    const server = await serveForTest(model);
    const controller = new AbortController();
    const body = JSON.stringify({ input: manyTexts(2000) });
    const headers = { 'content-type': 'application/json' };
    const leaving = fetch(`${server.url}/v1/embeddings`, { method: 'POST', headers, body, signal: controller.signal });
    leaving.catch(() => undefined);
    const queued = async (): Promise<number> =>
      Number(/\nllm_embedding_queue_texts (\d+)/.exec((await get(server.url, '/metrics')).body)?.[1]);
    for (let i = 0; i < 200 && (await queued()) === 0; i++) await delay(5);
    expect(await queued()).toBeGreaterThan(0);
    controller.abort();
    for (let i = 0; i < 100 && (await queued()) > 0; i++) await delay(5);
    expect(await queued()).toBe(0);
    const { body: metrics } = await get(server.url, '/metrics');
    expect(Number(/\nllm_embedding_texts_total (\d+)/.exec(metrics)?.[1])).toBeLessThan(2000);
    expect(metrics).toContain('route="/v1/embeddings",status="499"} 1');
    await server.stop();
  });

  it('that send their headers or bodies too slowly are told so and closed', async () => {
    const server = await serveForTest(model, { limits: { headerSeconds: 0.3, receiveSeconds: 0.6 } });
    const [headers, body, strange] = await Promise.all([
      raw(server.port, 'GET /health HTTP/1.1\r\nHost: localhost\r\nA: '.split('').slice(0, 40), 100),
      raw(server.port, [
        'POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
      ]),
      raw(server.port, ['\x16\x03\x01 no http\r\n\r\n']),
    ]);
    for (const answer of [headers, body]) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(answer).toContain('did not arrive in time');
    }
    expect(strange).toMatch(/^HTTP\/1\.1 400 [\s\S]*the request is not HTTP/);
    const large = await raw(server.port, [
      `GET /health HTTP/1.1\r\nHost: localhost\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`,
    ]);
    expect(large).toMatch(/^HTTP\/1\.1 431 /);
    expect((await get(server.url, '/health')).status).toBe(200);
    await server.stop();
  });

  it('whose work takes too long get 503, and the rest goes on', async () => {
    const server = await serveForTest(model, { limits: { workSeconds: 0.05 } });
    const slow = await post(server.url, { input: manyTexts(2000) });
    expect(slow).toMatchObject({ status: 503, body: { error: { code: 'timeout' } } });
    await server.stop();
  });
});

describe('stopping', () => {
  it('finishes what was accepted, refuses what comes after, and frees the port', async () => {
    const server = await serveForTest(model);
    const accepted = post(server.url, { input: manyTexts(300) });
    await delay(30);
    const stopped = server.stop();
    const { status, body } = await accepted;
    expect(status).toBe(200);
    expect(body.data).toHaveLength(300);
    await stopped;
    await expect(get(server.url, '/health')).rejects.toThrow();
    const again = await serveForTest(model, { port: server.port });
    expect((await get(again.url, '/health')).status).toBe(200);
    await expect(serveForTest(model, { port: server.port })).rejects.toThrow(
      `port ${server.port} of 127.0.0.1 is in use`,
    );
    await again.stop();
  });

  it('waits for what is being computed, though nobody waits for its result', async () => {
    const server = await serveForTest(model, { limits: { graceSeconds: 0.05 } });
    const left = post(server.url, { input: manyTexts(2000) });
    left.catch(() => undefined);
    await delay(100);
    await server.stop();
    await expect(left).rejects.toThrow();
  });

  it('does not wait for ever', async () => {
    const server = await serveForTest(model, { limits: { graceSeconds: 0.1, receiveSeconds: 60 } });
    const hanging = raw(server.port, [
      'POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    ]);
    await delay(50);
    await server.stop();
    await hanging;
  });
});

describe('the command', () => {
  /** Starts it, and waits until it serves. */
  async function serve(...args: string[]): Promise<{ child: ChildProcess; url: string; errors: () => string }> {
    const child = spawn(process.execPath, [BINARY, 'serve', ...args, '--json'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return { child, url: (JSON.parse(line) as { url: string }).url, errors: () => stderr };
  }

  it('serves, finishes what it accepted on SIGTERM, and can be killed and started again', async () => {
    const first = await serve('model', '--port', '0', '--name', 'mine');
    const port = new URL(first.url).port;
    expect((await get(first.url, '/v1/models')).body.data[0].id).toBe('mine');
    first.child.kill('SIGKILL');
    await once(first.child, 'close');
    const second = await serve('model', '--port', port);
    const accepted = post(second.url, { input: manyTexts(500) });
    await delay(50);
    second.child.kill('SIGTERM');
    const { status, body } = await accepted;
    expect(status).toBe(200);
    expect(body.data).toHaveLength(500);
    const [code] = await once(second.child, 'close');
    expect(code, second.errors()).toBe(0);
    expect(second.errors()).not.toContain('unexpected error');
  });

  it.each([
    [['model', '--port', 'x'], '--port x: expected a whole number from 0 to 65535'],
    [['model', '--host', '0.0.0.0'], 'and there is no key'],
    [['model', '--allow-origin', 'https://example.org/path'], 'the origin "https://example.org/path"'],
    [['nowhere'], 'model "nowhere": expected'],
    [[], 'no source is given: expected a run folder'],
  ])('refuses %j', async (args, message) => {
    const outcome = await llmEmbedding(['serve', ...args], { cwd });
    expect(outcome.code).toBe(2);
    expect(complaint(outcome)).toContain(message);
  });
});
