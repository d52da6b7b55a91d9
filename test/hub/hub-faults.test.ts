/**
 * Downloads over a bad network: with any mixture of faults a model arrives with the right bytes, or there is an error in
 * one line and the next call, in better weather, completes it. Nothing ever passes for a file that it is not.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UserError, WorkError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import { downloadModel } from '../../lib/hub/download-model.js';
import { type FakeHub, HUB_FAULTS, type HubFault, startHub } from './hub-server.js';

const ID = 'someone/small-model';
const FILES: Record<string, Buffer> = {
  'config.json': Buffer.from('{"model_type": "qwen2"}'),
  'model.safetensors': randomBytes(300_000),
  'tokenizer.json': Buffer.from('{"version": "1.0"}'),
};
/** Seconds, short for the test's sake. */
const patience = { answer: 0.3, silence: 0.15, firstWait: 0.001 };

let hub: FakeHub;
let folder: string;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  environment = { ...process.env };
  folder = mkdtempSync(join(tmpdir(), 'hub-faults-'));
  hub = await startHub(ID);
  hub.publish(FILES);
  for (const name of ['HF_TOKEN', 'HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE', 'HF_TOKEN_PATH']) delete process.env[name];
  Object.assign(process.env, { HF_ENDPOINT: hub.url, HF_HOME: folder });
});
afterAll(async () => {
  process.env = environment;
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

const expectWhole = (snapshot: string): void => {
  for (const [name, content] of Object.entries(FILES)) {
    expect(readFileSync(join(snapshot, name)).equals(content)).toBe(true);
  }
};

/** Downloads in this weather; where that ends with an error, checks it, and completes the download without faults. */
async function downloadWith(name: string, of: (asked: 'api' | 'file') => HubFault | null): Promise<Error | null> {
  const options = { revision: 'main', cache: join(folder, name), patience };
  hub.faults.of = of;
  try {
    expectWhole(await downloadModel(ID, options));
    return null;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error.message).not.toMatch(/\n|undefined|\[object|is not valid JSON/);
    expect(existsSync(join(options.cache, 'models--someone--small-model', 'refs'))).toBe(false);
    hub.faults.of = () => null;
    expectWhole(await downloadModel(ID, options));
    return error;
  }
}

describe('a download', () => {
  it.each(HUB_FAULTS)('with %s, once for each question and file, arrives or says why not', async (fault) => {
    const met = { api: 0, file: 0 };
    const error = await downloadWith(`once ${fault}`, (asked) => (met[asked]++ % 2 === 0 ? fault : null));
    // what a second try cannot mend is said at once
    const isFinal = ['404', 'a longer body', 'a web page that does not say so', 'a wrong byte'].includes(fault);
    expect(error === null).toBe(!isFinal);
  });

  it.each([
    ['no answer', 'not a byte within 0.15 s'],
    ['silence within the body', 'not a byte within 0.15 s'],
    ['reset before the headers', 'fetch failed'],
    ['reset within the body', 'terminated'],
    ['a shorter body', 'the connection ended after 11 of 23 bytes'],
    ['a longer body', 'config.json is longer than the 23 bytes'],
    ['a wrong byte', 'does not have the digest that the hub announces'],
    ['a web page', 'a web page was answered in its place, by http://127.0.0.1'],
    ['an empty body', 'the connection ended after 0 of 23 bytes'],
    ['a redirect to itself', 'redirect count exceeded'],
    ['404', 'HTTP 404'],
    ['429', 'HTTP 429'],
    ['500', 'HTTP 500'],
    ['503 with Retry-After', 'HTTP 503'],
    ['another range', 'asked for the bytes from 0 on, answered "bytes 1-11/23"'],
  ] as const)('with %s for every file is an error that says so', async (fault, message) => {
    const error = await downloadWith(`files ${fault}`, (asked) => (asked === 'file' ? fault : null));
    expect(error).toBeInstanceOf(WorkError);
    expect(error?.message).toContain(message);
    expect(error?.message).toContain('config.json');
  });

  it.each([
    ['no answer', 'aborted due to timeout'],
    ['silence within the body', 'aborted due to timeout'],
    ['a shorter body', 'its answer is not JSON'],
    ['a longer body', 'its answer is not JSON'],
    ['a web page', 'it answers with a web page'],
    ['a web page that does not say so', 'it answers with a web page'],
    ['an empty body', 'its answer is not JSON'],
    ['a redirect to itself', 'redirect count exceeded'],
    ['500', 'HTTP 500'],
  ] as const)('with %s for every question is an error that says so', async (fault, message) => {
    const error = await downloadWith(`questions ${fault}`, (asked) => (asked === 'api' ? fault : null));
    expect(error).toBeInstanceOf(WorkError);
    expect(error?.message).toContain(message);
    expect(error?.message).toContain(`${hub.url} can't be reached`);
  });

  /** LLM_EMBEDDING_FAULT_MIXTURES=200 for the long run. */
  const mixtures = Number(process.env.LLM_EMBEDDING_FAULT_MIXTURES ?? 10);
  it(`with ${mixtures} random mixtures`, { timeout: mixtures * 20_000 }, async () => {
    let failures = 0;
    for (let seed = 0; seed < mixtures; seed++) {
      const random = new Random(seed, 'hub faults');
      const frequency = random.uniform() * 0.8;
      const kinds = random.shuffle(HUB_FAULTS).slice(0, 1 + random.integer(6));
      const of = (): HubFault | null => (random.uniform() < frequency ? random.pick(kinds) : null);
      if (await downloadWith(`mixture ${seed}`, of)) failures++;
    }
    expect(failures).toBeLessThan(mixtures);
  });
});
