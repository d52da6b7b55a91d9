/** A session's teachers: services from the cache that was paid for, models without ONNX, and what cannot teach. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Config, resolveConfig } from '../../lib/config/config.js';
import { UserError } from '../../lib/core/errors.js';
import { openSession } from '../../lib/pipeline/session.js';

const scratch = mkdtempSync(join(tmpdir(), 'teachers-'));
const session = openSession({ runs: join(scratch, 'runs') });
const key = process.env.OPENAI_API_KEY;
let server: Server;
let requests = 0;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { input } = JSON.parse(body) as { input: string[] };
    requests++;
    const data = input.map((text, index) => {
      const vector = Float32Array.from({ length: 8 }, (_, k) => 1 + text.charCodeAt(k % text.length));
      return { object: 'embedding', index, embedding: Buffer.from(vector.buffer).toString('base64') };
    });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data, model: 'm' }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  if (key === undefined) delete process.env.OPENAI_API_KEY;
  else process.env.OPENAI_API_KEY = key;
  server.close();
  await session.close();
  rmSync(scratch, { recursive: true, force: true });
});

const configOf = (training: Partial<Config['training']>): Config =>
  resolveConfig({
    input: {
      cache: join(scratch, 'cache'),
      datasets: { maxPerCategory: 10 },
      tokens: { maxAbstractTokens: 32 },
      batches: { pairs: 8 },
      training: { maxSteps: 2, validateEvery: null, ...training },
      evaluation: {
        queries: 'all',
        openaiModel: 'some-model',
        openaiDimensions: 8,
        openaiBaseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
      },
    },
  });

it('a service teaches once for money, then from the cache, without a key', async () => {
  const config = configOf({ loss: 'gist', teacher: 'openai' });
  delete process.env.OPENAI_API_KEY;
  await expect(session.teacher(config)).rejects.toThrow(
    /OPENAI_API_KEY is not set, and \d+ texts are not in the cache/,
  );
  process.env.OPENAI_API_KEY = 'a-key';
  const paid = await session.teacher(config);
  const asked = requests;
  expect(asked).toBeGreaterThan(0);
  delete process.env.OPENAI_API_KEY;
  const other = openSession({ runs: join(scratch, 'runs') });
  const folder = join(scratch, 'openai');
  try {
    expect((await other.teacher(config))?.fingerprint).toBe(paid?.fingerprint);
    const { totalSteps, history } = await other.train(config, { folder });
    expect([totalSteps, history.steps.every(({ loss }) => Number.isFinite(loss))]).toEqual([2, true]);
  } finally {
    await other.close();
  }
  expect(requests).toBe(asked);
});

it('an encoder of this package teaches by name', async () => {
  const teacher = await session.teacher(configOf({ loss: 'distill-scores', teacher: 'sample-general' }));
  expect(teacher?.dimensions).toBeGreaterThan(0);
});

it.each([
  [{ loss: 'gist', teacher: 'bm25' }, 'the teacher "bm25" has none'],
  [{ loss: 'gist', teacher: 'tuned' }, 'training.teacher = "tuned" cannot teach: nothing was trained'],
  [{ loss: 'gist', teacher: 'bm52' }, 'unknown system "bm52"'],
  [{ loss: 'gist' }, 'learns from a teacher'],
  [{ loss: 'cosent' }, 'learns from the scores of pairs, and the data have none'],
] as [Partial<Config['training']>, string][])('%j is refused, and nothing is written', async (training, message) => {
  const folder = join(scratch, 'refused');
  const work = session.train(configOf(training), { folder });
  await expect(work).rejects.toThrow(message);
  await expect(work).rejects.toThrow(UserError);
  expect(existsSync(folder)).toBe(false);
});
