/** `/v1/embeddings` and `/v1/models` as OpenAI's own client and plain requests see them. */

import fc from 'fast-check';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LoadedEncoder, loadEncoder } from '../../lib/pipeline/load-encoder.js';
import type { RunningServer } from '../../lib/server/serve.js';
import { workFolder } from '../../test/cli/command-line.js';
import { type ExampleRun, makeExampleRun } from '../../test/examples/example-run.js';
import { get, largestDifference, post, serveForTest } from './serving.js';

const cwd = workFolder();
const TEXTS = ['waves on a black hole', 'proteins fold', 'the field decays '.repeat(40), '\ud83d x', '  '];
let run: ExampleRun;
let server: RunningServer;
let encoder: LoadedEncoder;
let client: OpenAI;
beforeAll(async () => {
  run = await makeExampleRun(cwd, ['encoder.queryPrompt="query: "']);
  encoder = await loadEncoder(run.folder);
  const limits = { texts: 64, textCharacters: 4000, bodyBytes: 100_000, queuedTokens: 3000 };
  server = await serveForTest(run.folder, { search: false, names: ['tuned', 'text-embedding-3-small'], limits });
  client = new OpenAI({ apiKey: 'none is asked for', baseURL: `${server.url}/v1`, maxRetries: 0 });
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await encoder?.close();
});

describe("OpenAI's client", () => {
  it('gets the vectors of encode, as Base64 by default and as numbers', async () => {
    for (const format of [undefined, 'float', 'base64'] as const) {
      const answer = await client.embeddings.create({
        model: 'tuned',
        input: TEXTS,
        ...(format && { encoding_format: format }),
      });
      expect(answer.data.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
      const vectors = answer.data.map(({ embedding }) =>
        typeof embedding === 'string'
          ? Array.from(new Float32Array(Uint8Array.from(Buffer.from(embedding, 'base64')).buffer))
          : embedding,
      );
      expect(await largestDifference(vectors, encoder, TEXTS)).toBeLessThan(1e-6);
      expect(answer).toMatchObject({ object: 'list', model: 'tuned' });
      expect(answer.usage.total_tokens).toBe(answer.usage.prompt_tokens);
      expect(answer.usage.prompt_tokens).toBeGreaterThan(100);
    }
  });

  it('gets fewer dimensions scaled to length 1, and the prompt of the side it asks for', async () => {
    const first = async (body: Partial<OpenAI.EmbeddingCreateParams>): Promise<number[]> =>
      (await client.embeddings.create({ model: 'tuned', input: 'waves', encoding_format: 'float', ...body })).data[0]!
        .embedding;
    const close = (a: number[], b: Float32Array): void => {
      expect(a).toHaveLength(b.length);
      for (const [i, value] of a.entries()) expect(Math.abs(value - b[i]!)).toBeLessThan(1e-6);
    };
    close(await first({ model: 'tuned', dimensions: 5 }), (await encoder.encode(['waves'], { dimensions: 5 }))[0]!);
    const [query] = await encoder.encodeQueries(['waves']);
    const [document] = await encoder.encodeDocuments(['waves']);
    expect(query).not.toEqual(document);
    close(await first({ model: 'tuned:query' }), query!);
    close(await first({ model: 'text-embedding-3-small:document' }), document!);
    close(await first({ model: 'tuned', input_type: 'search_query' } as Partial<OpenAI.EmbeddingCreateParams>), query!);
  });

  it('lists the model under its names, and finds each', async () => {
    const models = await client.models.list();
    expect(models.data.map(({ id }) => id)).toEqual(
      ['tuned', 'text-embedding-3-small'].flatMap((name) => [name, `${name}:query`, `${name}:document`]),
    );
    expect(await client.models.retrieve('tuned:query')).toMatchObject({ id: 'tuned:query', object: 'model' });
    await expect(client.models.retrieve('other')).rejects.toThrow(OpenAI.NotFoundError);
  });

  it('is told what is wrong in its own kinds of errors', async () => {
    await expect(client.embeddings.create({ model: 'gpt', input: 'x' })).rejects.toThrow(
      '404 the model "gpt" is not served here: expected tuned or text-embedding-3-small',
    );
    await expect(client.embeddings.create({ model: 'tuned', input: [1, 2, 3] })).rejects.toThrow(
      '400 input holds token ids',
    );
    await expect(client.embeddings.create({ model: 'tuned', input: 'x', dimensions: 13 })).rejects.toThrow(
      '400 dimensions: expected a whole number from 1 to 12',
    );
  });
});

describe('a request that cannot be answered', () => {
  it.each([
    ['no JSON', '{"input": ', 400, 'not JSON'],
    ['other bytes than UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, 'not UTF-8'],
    ['no object', '["x"]', 400, 'not an object'],
    ['a key twice', '{"input": "x", "input": "y"}', 400, 'the key "input" occurs twice'],
    ['depths of lists', `${'['.repeat(40_000)}${']'.repeat(40_000)}`, 400, 'the body is not'],
    ['nothing', '', 400, 'not JSON'],
    ['no input', {}, 400, 'input is missing'],
    ['an empty text', { input: ['x', ''] }, 400, 'input[1] is empty'],
    ['no texts', { input: [] }, 400, 'empty list'],
    ['another kind of text', { input: ['x', null] }, 400, 'input[1] is null'],
    ['lists of token ids', { input: [[1, 2]] }, 400, 'token ids'],
    ['too many texts', { input: Array(65).fill('x') }, 400, '65 texts: expected at most 64'],
    ['too long a text', { input: 'x'.repeat(4001) }, 400, '4,001 characters: expected at most 4000'],
    ['too large a body', { input: 'x'.repeat(100_001) }, 413, 'larger than 100,000 bytes'],
    [
      'too many tokens',
      { input: Array(64).fill('black hole '.repeat(30)) },
      413,
      'tokens: expected at most 3000 a request',
    ],
    ['another format', { input: 'x', encoding_format: 'int8' }, 400, 'float or base64'],
    ['no whole number of dimensions', { input: 'x', dimensions: 2.5 }, 400, 'from 1 to 12'],
    ['no name', { input: 'x', model: 5 }, 400, 'the name of a model'],
    ['an unknown side', { input: 'x', input_type: 'constructor' }, 400, 'expected one of query'],
    ['two sides', { input: 'x', model: 'tuned:query', input_type: 'document' }, 400, 'give one of them'],
  ])('says so: %s', async (_, body, status, message) => {
    const { status: given, body: answer } = await post(server.url, body);
    expect(answer.error.message).toContain(message);
    expect(given).toBe(status);
  });

  it('says so for other kinds of bodies, methods and addresses', async () => {
    const { url } = server;
    expect(await post(url, 'input=x', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect(await post(url, 'x', { 'content-encoding': 'gzip' })).toMatchObject({ status: 415 });
    const wrong = await get(url, '/v1/embeddings');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('POST');
    expect(await get(url, '/v1/chat/completions')).toMatchObject({
      status: 404,
      body: { error: { type: 'invalid_request_error' } },
    });
    expect(await get(url, '/search?q=x')).toMatchObject({ status: 404, body: { error: { code: 'no_search' } } });
    expect(await get(url, '/')).toMatchObject({ status: 200, body: { model: 'tuned' } });
  });

  it('gets 4xx and a message for 1,000 malformed bodies, and the server goes on', async () => {
    const wrongFields = fc.record(
      {
        input: fc.anything().filter((value) => !isInput(value)),
        model: fc.anything(),
        dimensions: fc.anything(),
        encoding_format: fc.anything(),
        input_type: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const cut = fc.tuple(fc.constant(JSON.stringify({ model: 'tuned', input: ['a "quoted" text'] })), fc.nat(40));
    const nested = fc.integer({ min: 1, max: 20_000 }).map((depth) => `{"input":${'['.repeat(depth)}`);
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).filter((bytes) => !isRequest(Buffer.from(bytes).toString('utf8'))),
      fc.string({ unit: 'binary' }).filter((text) => !isRequest(text)),
      wrongFields.map((value) => JSON.stringify(value) ?? 'undefined').filter((text) => !isRequest(text)),
      cut.map(([text, at]) => text.slice(0, at)),
      nested,
    );
    const bodies = fc.sample(body, { numRuns: 1000, seed: 7 });
    for (let first = 0; first < bodies.length; first += 20) {
      const answers = await Promise.all(bodies.slice(first, first + 20).map((one) => post(server.url, one)));
      answers.forEach(({ status, body: answer }, i) => {
        expect(status, String(bodies[first + i])).toBeGreaterThanOrEqual(400);
        expect(status, String(bodies[first + i])).toBeLessThan(500);
        expect(answer.error.message).toMatch(/\w/);
      });
    }
    expect(await post(server.url, { input: 'still here' })).toMatchObject({ status: 200 });
  });
});

/** Texts that a request may have, whatever its other fields. */
function isInput(value: unknown): boolean {
  const texts = Array.isArray(value) ? value : [value];
  return texts.length > 0 && texts.every((text) => typeof text === 'string' && text !== '');
}

function isRequest(text: string): boolean {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && isInput(value.input);
  } catch {
    return false;
  }
}
