/** The real client against a local server that speaks the API. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../lib/config/config.js';
import { Random } from '../../../lib/core/random.js';
import { evaluate } from '../../../lib/evaluation/evaluate.js';
import { referenceMatmul } from '../../../lib/retrieval/index/matmul-candidates.js';
import { cachedModel } from '../../../lib/retrieval/systems/cached-model.js';
import { createSystems } from '../../../lib/retrieval/systems/create-systems.js';
import { type OpenAIModelOptions, openaiModel } from '../../../lib/retrieval/systems/openai.js';

interface Request {
  input: string[];
  model: string;
  encoding_format: string;
  dimensions?: number;
}
type Answer = { status: number; body: unknown; headers?: Record<string, string> } | 'drop';

const KEY = 'test-key';
let server: Server;
let baseUrl: string;
let requests: Request[];
/** What the next requests get instead of embeddings. */
let troubles: Answer[];
/** How embeddings are sent. */
let encode: (vector: number[]) => unknown;
let reverse: boolean;
/** Texts per request that the server takes, and what it says to more. */
let mostTexts: number;
let sizeStatus: number;

/** A vector that tells texts apart: exact in single precision. */
function vectorOf(text: string, d: number): number[] {
  return Array.from({ length: d }, (_, i) => ((text.charCodeAt(i % text.length) * 31 + i * 7 + text.length) % 97) / 64);
}

const base64 = (vector: number[]): string => Buffer.from(Float32Array.from(vector).buffer).toString('base64');

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const trouble = troubles.shift();
    if (request.url !== '/v1/embeddings') {
      response.writeHead(404).end(`not here: ${request.url}`);
      return;
    }
    if (trouble === 'drop') {
      request.socket.destroy();
      return;
    }
    const send = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
    };
    if (trouble) return send(trouble.status, trouble.body, trouble.headers);
    if (request.headers.authorization !== `Bearer ${KEY}`) {
      return send(401, { error: { message: 'Incorrect API key provided', code: 'invalid_api_key' } });
    }
    const body = JSON.parse(text) as Request;
    requests.push(body);
    if (body.input.length > mostTexts) {
      return send(sizeStatus, { error: { message: `batch size ${body.input.length} > maximum allowed ${mostTexts}` } });
    }
    // as strict services do
    if (/\\ud[89ab]/i.test(text) && !/\\ud[89ab]..\\ud[c-f]/i.test(text)) {
      return send(400, { error: { message: 'Invalid JSON: lone leading surrogate in hex escape' } });
    }
    const tooLong = body.input.find((each) => each.length > 4 * 8192);
    if (tooLong !== undefined) {
      const message = "This model's maximum context length is 8192 tokens, however you requested 9000 tokens";
      return send(400, { error: { message, type: 'invalid_request_error' } });
    }
    const data = body.input.map((each, index) => ({
      object: 'embedding',
      index,
      embedding: encode(vectorOf(each, body.dimensions ?? 1536)),
    }));
    if (reverse) data.reverse();
    send(200, { object: 'list', data, model: body.model, usage: { prompt_tokens: 1, total_tokens: 1 } });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(() => server.close());

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openai-test-'));
  requests = [];
  troubles = [];
  encode = base64;
  reverse = false;
  mostTexts = 2048;
  sizeStatus = 413;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const model = (options: Partial<OpenAIModelOptions> = {}) => openaiModel({ apiKey: KEY, baseUrl, ...options });
const expected = (texts: string[], d = 1536): Float32Array => Float32Array.from(texts.flatMap((t) => vectorOf(t, d)));

describe('answers', () => {
  it.each([
    ['base64', base64],
    ['numbers, from services that do not know base64', (vector: number[]) => vector],
  ])('as %s give the same vectors', async (_name, encoding) => {
    encode = encoding;
    const texts = ['dark matter', 'a', 'graph theory'];
    expect(await model().embed(texts, 'document')).toEqual(expected(texts));
    expect(requests).toMatchObject([{ input: texts, model: 'text-embedding-3-small', encoding_format: 'base64' }]);
    expect(requests[0]).not.toHaveProperty('dimensions');
  });

  it('in another order are put in order', async () => {
    reverse = true;
    const texts = ['one', 'two', 'three'];
    expect(await model().embed(texts, 'query')).toEqual(expected(texts));
  });

  it('of shortened vectors carry the dimensions asked for', async () => {
    const short = model({ model: 'text-embedding-3-large', dimensions: 8 });
    expect(short.dimensions).toBe(8);
    expect(await short.embed(['x'], 'query')).toEqual(expected(['x'], 8));
    expect(requests[0]).toMatchObject({ model: 'text-embedding-3-large', dimensions: 8 });
  });

  it('teach the dimension of an unknown model', async () => {
    const unknown = model({ model: 'nomic-embed' });
    expect(unknown.dimensions).toBeNull();
    await unknown.embed(['x'], 'query');
    expect(unknown.dimensions).toBe(1536);
  });
});

describe('passing trouble', () => {
  it('429 with Retry-After is waited for as long as it says', async () => {
    troubles = [{ status: 429, body: { error: { message: 'slow down' } }, headers: { 'retry-after': '1' } }];
    const start = Date.now();
    expect(await model().embed(['x'], 'query')).toEqual(expected(['x']));
    expect(Date.now() - start).toBeGreaterThanOrEqual(950);
  });

  it('500 and a dropped connection are tried again', async () => {
    troubles = [{ status: 500, body: {} }, 'drop'];
    expect(await model().embed(['x'], 'query')).toEqual(expected(['x']));
    expect(requests).toHaveLength(1);
  });
});

describe('lasting trouble is one line that says what to do', () => {
  const failure = async (options: Partial<OpenAIModelOptions>, text = 'x') => {
    const error = (await model({ maxRetries: 0, ...options })
      .embed([text], 'query')
      .catch((each) => each)) as Error;
    expect(error).toBeInstanceOf(Error);
    expect(error.message).not.toContain('\n');
    expect(error.message).not.toContain(KEY);
    return error;
  };

  it('wrong key', async () => {
    expect(await failure({ apiKey: 'wrong' })).toMatchObject({
      name: 'UserError',
      message: /refuses the key: check OPENAI_API_KEY/,
    });
  });

  it('a text that is too long', async () => {
    const error = await failure({}, 'long '.repeat(10_000));
    expect(error).toMatchObject({ name: 'UserError', message: /too long; the longest has 50000 characters/ });
  });

  it('a server that fails, or drops the connection, or is not there', async () => {
    troubles = [{ status: 503, body: { error: { message: 'overloaded' } } }];
    expect(await failure({})).toMatchObject({ name: 'WorkError', message: /503.*try again later/ });
    troubles = ['drop'];
    expect(await failure({})).toMatchObject({ name: 'WorkError', message: /cannot be reached/ });
    expect(await failure({ baseUrl: 'http://127.0.0.1:9/v1' })).toMatchObject({ message: /cannot be reached/ });
  });

  it('vectors of another length than the model has', async () => {
    encode = (vector) => base64(vector.slice(0, 100));
    expect(await failure({})).toMatchObject({ name: 'WorkError', message: /100 numbers: expected 1536/ });
  });

  const answered = async (body: unknown, headers: Record<string, string> = {}) => {
    troubles = [{ status: 200, body, headers }];
    return (await failure({})).message;
  };
  const item = (embedding: unknown, index: unknown = 0) => ({ object: 'list', data: [{ index, embedding }] });

  it.each<[string, unknown, RegExp]>([
    ['no data', { object: 'list' }, /answered no embeddings/],
    [
      'an error with status 200',
      { error: { message: 'rate limited upstream' } },
      /no embeddings \(rate limited upstream\)/,
    ],
    ['an error with status 200 that quotes the key', { error: `no quota for ${KEY}` }, /no quota for \[key\]/],
    ['the key for an embedding', item(KEY), /no Base64 of floats \("\[key\]"\)/],
    ['the key as a name, twice', `{"${KEY}": 1, "${KEY}": 2}`, /the key "\[key\]" occurs twice/],
    ['null', null, /answered no embeddings/],
    ['a login page', '<html><body>Please log in</body></html>', /not JSON \(Please log in\): check OPENAI_BASE_URL/],
    ['half an answer', '{"data": [{"ind', /not JSON/],
    ['too few', { data: [] }, /answered 0 embeddings for 1 text:/],
    ['nothing for a text', item(null), /that is empty \(null\) for the text "x"/],
    ['null among the numbers', item([1, null, 2]), /holds null, which is not finite, for the text "x"/],
    ['text among the numbers', item([1, '2']), /holds "2", which is not finite/],
    ['a number beyond single precision', item([1, 1e300]), /holds 1e\+300, which is not finite/],
    ['NaN as Base64', item(base64([1, Number.NaN])), /holds NaN, which is not finite/],
    ['zeros', item([0, 0, 0]), /an embedding of zeros for the text "x"/],
    ['zeros as Base64', item(base64([0, 0])), /of zeros/],
    ['what single precision rounds to zero', item([1e-300, 0]), /of zeros/],
    ['words for Base64', item('rate limited'), /no Base64 of floats \("rate limited"\)/],
    ['no Base64 of floats', item('abc'), /no Base64 of floats/],
    ['an index beyond the texts', item([1], 4_294_967_294), /index 4294967294: expected 0 to 0/],
    ['a negative index', item([1], -1), /index -1/],
    ['no index', { data: [{ embedding: [1] }] }, /index undefined/],
    ['an index that is the name of a method', item([1], 'constructor'), /index "constructor"/],
  ])('an answer with %s', async (_name, body, message) => {
    expect(await answered(body)).toMatch(message);
  });

  it('the same index twice', async () => {
    const data = [0, 0].map((index) => ({ index, embedding: [1, 2] }));
    troubles = [{ status: 200, body: { data } }];
    await expect(model().embed(['x', 'y'], 'query')).rejects.toThrow(/the same index twice \(0\)/);
  });

  it('says what the service said, with the key blanked, and "later" only where that may help', async () => {
    const long = 'a-secret-key-0123456789';
    const said = (status: number, body: unknown) => {
      troubles = [{ status, body }];
      return failure({ apiKey: long });
    };
    expect((await said(401, { error: { message: `Incorrect key: ${long}` } })).message).toMatch(
      /401 Incorrect key: \[key\]/,
    );
    expect((await said(404, { error: { message: 'The model `x` does not exist' } })).message).toMatch(
      /404 The model `x` does not exist\): check the model/,
    );
    expect((await said(400, { detail: `no ${long}` })).message).toMatch(/400 no \[key\]/);
    for (const status of [400, 404, 422]) expect((await said(status, {})).message).not.toContain('later');
    for (const status of [429, 500, 503]) expect((await said(status, {})).message).toContain('try again later');
    expect((await said(429, { error: { message: 'You exceeded your current quota' } })).message).toMatch(
      /check the account/,
    );
  });

  it('a wait of an hour is said, not slept through', async () => {
    const hour = { status: 429, body: { error: { message: 'slow down' } }, headers: { 'retry-after': '3600' } };
    troubles = [hour];
    const start = Date.now();
    await expect(model().embed(['x'], 'query')).rejects.toThrow(/asks to wait 60 minutes \(429 slow down\)/);
    expect(Date.now() - start).toBeLessThan(1000);
  });

  it('a wait is ended by Ctrl-C', async () => {
    troubles = [{ status: 429, body: {}, headers: { 'retry-after': '30' } }];
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const stopped = model().embed(['x'], 'query', { signal: controller.signal });
    await expect(stopped).rejects.toMatchObject({ exitCode: 130 });
  });

  it('a redirect to another origin: texts and key do not go there', async () => {
    const location = 'http://127.0.0.1:9/v1/embeddings';
    troubles = [{ status: 307, body: {}, headers: { location } }];
    expect((await failure({})).message).toMatch(/redirects to http:\/\/127\.0\.0\.1:9, where texts and key would go/);
    troubles = [{ status: 308, body: {}, headers: { location: '/v1/embeddings' } }];
    expect(await model().embed(['x'], 'query')).toEqual(expected(['x']));
  });

  it('an answer that floods, or never ends', async () => {
    troubles = [{ status: 200, body: JSON.stringify({ data: 'x'.repeat(2_000_000) }) }];
    expect((await failure({})).message).toMatch(/is over 1 MiB: expected embeddings/);
    const stalled = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data": [');
    });
    await new Promise<void>((resolve) => stalled.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(stalled.address() as AddressInfo).port}/v1`;
    expect((await failure({ baseUrl: address, timeout: 200 })).message).toMatch(/no complete answer within 0.2 s/);
    stalled.closeAllConnections();
    stalled.close();
  });

  it('a key that cannot be sent, without showing it', () => {
    for (const apiKey of ['secret\nkey-0123', 'secret\u2026key-0123', 'secret key']) {
      expect(() => model({ apiKey })).toThrow(/^OPENAI_API_KEY holds white space or characters beyond ASCII/);
    }
  });

  it('a redirect to what is no address', async () => {
    troubles = [{ status: 302, body: {}, headers: { location: 'http://[' } }];
    expect((await failure({})).message).toMatch(/which is no address/);
    troubles = [{ status: 302, body: {}, headers: { location: 'file:///etc/passwd' } }];
    expect((await failure({})).message).toMatch(/redirects to file:, where texts and key would go/);
  });

  it('an address that is none', () => {
    expect(() => model({ baseUrl: 'ftp://example.org' })).toThrow(/no http address/);
    expect(() => model({ baseUrl: 'http://user:pass@example.org' })).toThrow(/holds a password/);
  });
});

describe('services that do wrong at random', () => {
  const item = (embedding: unknown, index: unknown = 0) => ({ data: [{ index, embedding }] });
  const FAULTS: Answer[] = [
    'drop',
    ...[301, 400, 401, 402, 403, 404, 405, 408, 409, 413, 418, 422, 429, 500, 502, 503, 599].map((status) => ({
      status,
      body: { error: { message: `${KEY}\nsaid twice` } },
    })),
    ...[
      '',
      'null',
      '[]',
      '{}',
      '{"data": null}',
      '{"data": {}}',
      '<html>',
      '\u0000',
      '{"data": [{}]}',
      '[['.repeat(9),
    ].map((body) => ({ status: 200, body })),
    ...[item([]), item({}), item('AAAA'), item([1, 2]), item([true]), item(['1']), item([1], 7), item([1], '0')].map(
      (body) => ({ status: 200, body }),
    ),
    { status: 302, body: '', headers: { location: '/v1/elsewhere' } },
    { status: 307, body: '', headers: { location: 'http://127.0.0.1:9/' } },
    { status: 503, body: '', headers: { 'retry-after': '86400' } },
    { status: 200, body: '{}', headers: { 'content-encoding': 'gzip' } },
  ];

  it('give the right vectors, or an error in one line without the key', async () => {
    const random = new Random(8, 'faults of a service');
    let right = 0;
    for (let run = 0; run < 150; run++) {
      const texts = Array.from({ length: 1 + random.integer(6) }, (_, i) => `text ${run} ${i} ${'x'.repeat(i)}`);
      const pick = (): Answer => FAULTS[random.integer(FAULTS.length)] as Answer;
      troubles = Array.from({ length: random.integer(3) }, pick);
      reverse = random.integer(2) === 0;
      encode = random.integer(2) === 0 ? base64 : (vector) => vector;
      const options = { dimensions: 4, maxRetries: 0, batchTexts: 1 + random.integer(6), apiKey: KEY };
      const outcome = await model(options)
        .embed(texts, 'document')
        .catch((error: unknown) => error as Error);
      if (outcome instanceof Error) {
        expect(outcome).toHaveProperty('exitCode');
        expect(outcome.message).not.toContain('\n');
        expect(outcome.message).not.toContain(KEY);
      } else {
        expect(outcome).toEqual(expected(texts, 4));
        right++;
      }
    }
    expect(right).toBeGreaterThan(30);
  });
});

describe('what services differ in', () => {
  it.each([400, 413, 422])('batches that are refused as too large with %s are halved', async (status) => {
    mostTexts = 3;
    sizeStatus = status;
    const texts = Array.from({ length: 20 }, (_, i) => `text ${i}`);
    const small = model({ dimensions: 4 });
    expect(await small.embed(texts, 'document')).toEqual(expected(texts, 4));
    expect(requests.map(({ input }) => input.length).slice(-3)).toEqual([3, 3, 2]);
    // what was learned stays
    requests = [];
    await small.embed(texts.slice(0, 3), 'query');
    expect(requests).toHaveLength(1);
  });

  it('a setting bounds the batches from the start', async () => {
    const texts = Array.from({ length: 5 }, (_, i) => `text ${i}`);
    await model({ dimensions: 4, batchTexts: 2 }).embed(texts, 'document');
    expect(requests.map(({ input }) => input.length)).toEqual([2, 2, 1]);
  });

  it('what follows a question mark in the address goes with every request', async () => {
    const error = await model({ baseUrl: `${baseUrl}?api-version=2`, maxRetries: 0 })
      .embed(['x'], 'query')
      .catch((each: Error) => each);
    // the server knows /v1/embeddings alone, and says which address it was asked
    expect((error as Error).message).toMatch(/404 not here: \/v1\/embeddings\?api-version=2/);
  });

  it('half an emoji is replaced before it is sent', async () => {
    await model({ dimensions: 4 }).embed(['black \ud83d hole', 'a \ud83d\ude00', '\udc00'], 'document');
    expect(requests[0]!.input).toEqual(['black \ufffd hole', 'a \ud83d\ude00', '\ufffd']);
  });
});

describe('cost', () => {
  const texts = Array.from({ length: 40 }, (_, i) => `${i} ${'w'.repeat(4000)}`); // about 40,000 tokens: $0.0008

  it('above the limit is refused before anything is sent', async () => {
    const cached = cachedModel(model({ costLimit: 0.0005 }), { folder });
    await expect(cached.embed(texts, 'document')).rejects.toThrow(
      /40 texts with about 40,\d\d\d tokens would cost about \$0\.0008\d?, above .*0\.0005/,
    );
    expect(requests).toHaveLength(0);
  });

  it('is told before it is spent', async () => {
    const told: string[] = [];
    const reporting = { onMessage: ({ text }: { text: string }) => told.push(`${text}, ${requests.length} sent`) };
    await cachedModel(model(), { folder }).embed(texts, 'document', reporting);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/40 texts with about 40,\d\d\d tokens cost about \$0\.0008\d?, 0 sent/);
  });

  it('above the limit is asked for, once for all texts, and again when as much has been spent on top', async () => {
    const asked: { tokens: number; texts: number; dollars: number }[] = [];
    const confirmCost = async (estimate: (typeof asked)[number]) => asked.push(estimate) === 1;
    const cached = cachedModel(model({ costLimit: 0.0005, confirmCost }), { folder, textsAtOnce: 10 });
    await cached.embed(texts, 'document');
    expect(asked).toMatchObject([{ texts: 40 }]);
    expect(asked[0]!.tokens).toBeGreaterThan(39_900);
    expect(asked[0]!.dollars).toBeCloseTo(0.0008, 5);
    await cached.embed(['another'], 'query');
    expect(asked).toHaveLength(1);
    await expect(cached.embed(texts, 'query')).rejects.toThrow(/above/);
    expect(asked).toHaveLength(2);
  });
});

describe('as a system of the configuration', () => {
  it('goes to the address, the model and the dimensions of the configuration, and beside BM25 as a hybrid', async () => {
    const input = {
      cache: folder,
      evaluation: {
        systems: ['openai', 'openai+bm25', 'openai:other-model'],
        openaiBaseUrl: baseUrl,
        openaiModel: 'text-embedding-3-large',
        openaiDimensions: 64,
      },
    };
    const key = process.env.OPENAI_API_KEY;
    process.env.OPENAI_API_KEY = KEY;
    const unused = () => Promise.reject(new Error('no encoder takes part'));
    const created = await createSystems({
      config: resolveConfig({ input }),
      matmul: referenceMatmul,
      untuned: unused,
      tuned: null,
    }).finally(() => {
      if (key === undefined) delete process.env.OPENAI_API_KEY;
      else process.env.OPENAI_API_KEY = key;
    });
    const corpus = ['black holes', 'white dwarfs', 'neutron stars'].map((text, i) => ({ id: `d${i}`, text }));
    const queries = corpus.map(({ text }, i) => ({ id: `q${i}`, text }));
    const qrels = new Map(queries.map(({ id }, i) => [id, new Map([[`d${i}`, 1]])]));
    const { report } = await evaluate({ config: resolveConfig({ input }), corpus, queries, qrels, ...created });
    await created.close();
    expect(report.systems.map(({ name, kind, dimensions }) => [name, kind, dimensions])).toEqual([
      ['openai', 'openai', 64],
      ['openai+bm25', 'hybrid', null],
      ['openai:other-model', 'openai', 1536],
    ]);
    expect(report.systems[0]!.metrics['success@1']!.value).toBe(1);
    expect(requests.map((request) => [request.model, request.dimensions])).toEqual([
      ['text-embedding-3-large', 64],
      ['text-embedding-3-large', 64],
      ['other-model', undefined],
      ['other-model', undefined],
    ]);
  });
});

describe('with the cache', () => {
  it('each text is requested once, duplicates and later sessions included, in the order of the input', async () => {
    const texts = Array.from({ length: 50 }, (_, i) => `text ${i % 20} ${'x'.repeat(i % 20)}`);
    const first = await cachedModel(model(), { folder, textsAtOnce: 7 }).embed(texts, 'document');
    expect(first).toEqual(expected(texts));
    const sent = requests.flatMap(({ input }) => input);
    expect(sent).toHaveLength(20);
    expect(new Set(sent).size).toBe(20);
    // a new process, without network: everything is on disk
    const offline = model({ baseUrl, apiKey: 'wrong' });
    expect(await cachedModel(offline, { folder }).embed(texts, 'document')).toEqual(expected(texts));
    expect(requests.flatMap(({ input }) => input)).toHaveLength(20);
  });

  it('an interrupted run keeps what was paid for', async () => {
    const texts = Array.from({ length: 30 }, (_, i) => `text number ${i}`);
    const troubled = cachedModel(model({ maxRetries: 0 }), { folder, textsAtOnce: 10 });
    const controller = new AbortController();
    const interrupted = troubled.embed(texts, 'document', {
      signal: controller.signal,
      onProgress: ({ done }) => done === 10 && controller.abort(),
    });
    await expect(interrupted).rejects.toMatchObject({ name: 'Interrupted', message: /10 of 30/ });
    expect(await cachedModel(model(), { folder }).embed(texts, 'document')).toEqual(expected(texts));
    expect(requests.flatMap(({ input }) => input)).toHaveLength(30);
  });

  it('large inputs go in requests within the limits of the service', async () => {
    const texts = Array.from({ length: 3000 }, (_, i) => `t${i}`);
    await model({ dimensions: 1 }).embed(texts, 'document');
    expect(requests.map(({ input }) => input.length)).toEqual([2048, 952]);
    requests = [];
    const long = Array.from({ length: 20 }, (_, i) => `${i}`.padEnd(30_000, 'x')); // 15,000 tokens each at most
    await model({ dimensions: 1 }).embed(long, 'document');
    expect(requests.map(({ input }) => input.length)).toEqual([16, 4]);
  });
});
