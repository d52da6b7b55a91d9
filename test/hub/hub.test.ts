import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Interrupted, UserError, WorkError } from '../../lib/core/errors.js';
import type { ProgressEvent } from '../../lib/core/events.js';
import { resolveModelFolder } from '../../lib/hub/resolve-model.js';
import { type FakeHub, gitBlob, sha256, startHub } from './hub-server.js';

const ID = 'someone/small-model';
const WEIGHTS = randomBytes(3_000_000);
const FILES: Record<string, Buffer> = {
  'README.md': Buffer.from('# not needed'),
  'config.json': Buffer.from('{"model_type":"qwen2"}'),
  'generation_config.json': Buffer.from('{}'),
  'model.safetensors': WEIGHTS,
  'optimizer.safetensors': randomBytes(1000),
  'tokenizer.json': Buffer.from('{"version":"1.0"}'),
  'tokenizer_config.json': Buffer.from('{"eos_token":"</s>"}'),
};
const NEEDED = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];

let hub: FakeHub;
let folder: string;
let commit: string;
let environment: NodeJS.ProcessEnv;

beforeEach(async () => {
  environment = { ...process.env };
  folder = mkdtempSync(join(tmpdir(), 'hub-'));
  hub = await startHub(ID);
  commit = hub.publish(FILES);
  for (const name of ['HF_TOKEN', 'HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE', 'HF_TOKEN_PATH', 'HUGGINGFACE_HUB_CACHE']) {
    delete process.env[name];
  }
  Object.assign(process.env, { HF_ENDPOINT: hub.url, HF_HOME: folder, HF_HUB_CACHE: join(folder, 'hub') });
});

afterEach(async () => {
  process.env = environment;
  await hub.close();
  rmSync(folder, { recursive: true, force: true });
});

const storage = (...path: string[]): string => join(folder, 'hub', 'models--someone--small-model', ...path);
const blob = (name: string): string => storage('blobs', sha256(FILES[name] as Buffer));
const resolve = (options: Partial<Parameters<typeof resolveModelFolder>[1]> = {}): Promise<string> =>
  resolveModelFolder(ID, { revision: 'main', ...options });
const failure = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => {
      throw new Error('expected it to fail');
    },
    (error) => error as Error,
  );

describe('a model of the hub', () => {
  it('is downloaded into the layout of the Python cache, as far as it is needed', async () => {
    const events: ProgressEvent[] = [];
    const path = await resolve({ onProgress: (event) => events.push(event) });

    expect(path).toBe(storage('snapshots', commit));
    expect(readdirSync(path).sort()).toEqual(NEEDED);
    for (const name of NEEDED) expect(readFileSync(join(path, name)).equals(FILES[name] as Buffer)).toBe(true);
    expect(readlinkSync(join(path, 'model.safetensors'))).toBe(`../../blobs/${sha256(WEIGHTS)}`);
    expect(readlinkSync(join(path, 'config.json'))).toBe(`../../blobs/${gitBlob(FILES['config.json'] as Buffer)}`);
    expect(readFileSync(storage('refs', 'main'), 'utf8')).toBe(commit);
    expect(readdirSync(storage('blobs')).filter((name) => !/^[0-9a-f]+$/.test(name))).toEqual([]);

    const total = NEEDED.reduce((sum, name) => sum + (FILES[name] as Buffer).length, 0);
    expect(events.length).toBeGreaterThan(2);
    expect(events.at(-1)).toMatchObject({ done: total, total, unit: 'bytes' });
    expect(events.map((event) => event.done)).toEqual(events.map((event) => event.done).sort((a, b) => a - b));
  });

  it('is not downloaded twice, and a named commit in the cache asks nobody', async () => {
    const path = await resolve();
    hub.requests.length = 0;
    expect(await resolve()).toBe(path);
    expect(hub.requests).toHaveLength(1);
    expect(await resolve({ revision: commit })).toBe(path);
    expect(hub.requests).toHaveLength(1);
  });

  it('of which one file changed is fetched as far as it changed', async () => {
    await resolve();
    hub.sent = 0;
    const next = hub.publish({ ...FILES, 'config.json': Buffer.from('{"model_type":"qwen2","changed":true}') });
    const path = await resolve();
    expect(path).toBe(storage('snapshots', next));
    expect(readFileSync(join(path, 'config.json'), 'utf8')).toContain('changed');
    expect(readFileSync(join(path, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    expect(hub.sent).toBe(0);
  });

  it('may be sharded', async () => {
    const [first, second] = [randomBytes(5000), randomBytes(7000)];
    const map = {
      a: 'model-00001-of-00002.safetensors',
      b: 'model-00002-of-00002.safetensors',
      c: 'model-00001-of-00002.safetensors',
    };
    const { 'model.safetensors': _, ...rest } = FILES;
    hub.publish({
      ...rest,
      'model.safetensors.index.json': Buffer.from(JSON.stringify({ weight_map: map })),
      'model-00001-of-00002.safetensors': first,
      'model-00002-of-00002.safetensors': second,
    });
    const path = await resolve();
    expect(readFileSync(join(path, 'model-00001-of-00002.safetensors')).equals(first)).toBe(true);
    expect(readFileSync(join(path, 'model-00002-of-00002.safetensors')).equals(second)).toBe(true);
    rmSync(join(path, 'model-00002-of-00002.safetensors'));
    process.env.HF_HUB_OFFLINE = '1';
    expect((await failure(resolve())).message).toContain('lacks model-00002-of-00002.safetensors');
  });

  it('gets the token, and the storage behind it does not', async () => {
    process.env.HF_TOKEN = 'hf_secret';
    await resolve();
    const toStorage = hub.requests.filter((request) => /^\/[0-9a-f]{64}$/.test(request.url));
    expect(toStorage).toHaveLength(1);
    for (const request of hub.requests) {
      expect(request.authorization).toBe(toStorage.includes(request) ? undefined : 'Bearer hf_secret');
    }
  });

  it('is fetched once when two ask at the same time', async () => {
    const [one, two] = await Promise.all([resolve(), resolve()]);
    expect(one).toBe(two);
    expect(hub.sent).toBe(WEIGHTS.length);
  });
});

describe('an interrupted download', () => {
  it('goes on by itself where the connection was cut', async () => {
    hub.faults.cut = { after: 400_000, times: 6 };
    const path = await resolve();
    expect(readFileSync(join(path, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    expect(hub.requests.filter((request) => request.range).length).toBeGreaterThanOrEqual(6);
    expect(hub.sent).toBe(WEIGHTS.length);
  });

  it('stops at a signal and is resumed by the next call', async () => {
    hub.faults.slowPieces = 50_000;
    const stop = new AbortController();
    const stopped = failure(
      resolve({ signal: stop.signal, onProgress: (event) => event.done > 1_000_000 && stop.abort() }),
    );
    expect(await stopped).toBeInstanceOf(Interrupted);
    const kept = statSync(`${blob('model.safetensors')}.incomplete`).size;
    expect(kept).toBeGreaterThan(500_000);
    expect(existsSync(storage('refs', 'main'))).toBe(false);

    hub.faults = {};
    const path = await resolve();
    expect(readFileSync(join(path, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    expect(hub.requests.at(-1)?.range).toBe(`bytes=${kept}-`);
  });

  it('by a kill never passes for a model, and is resumed', async () => {
    hub.faults.slowPieces = 20_000;
    const module = pathToFileURL(fileURLToPath(new URL('../../dist/lib/hub/resolve-model.js', import.meta.url))).href;
    const code = `const { resolveModelFolder } = await import(${JSON.stringify(module)}); await resolveModelFolder('${ID}', { revision: 'main' });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { env: process.env, stdio: 'ignore' });
    const partial = `${blob('model.safetensors')}.incomplete`;
    while (!(existsSync(partial) && statSync(partial).size > 500_000)) await new Promise((r) => setTimeout(r, 20));
    child.kill('SIGKILL');
    await new Promise((r) => child.once('exit', r));

    expect(existsSync(blob('model.safetensors'))).toBe(false);
    process.env.HF_HUB_OFFLINE = '1';
    expect(await failure(resolve())).toBeInstanceOf(UserError);
    expect((await failure(resolve({ revision: commit }))).message).toMatch(/lacks model\.safetensors in the cache/);
    delete process.env.HF_HUB_OFFLINE;

    hub.faults = {};
    hub.sent = 0;
    const kept = statSync(partial).size;
    const path = await resolve();
    expect(readFileSync(join(path, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    expect(hub.sent).toBe(WEIGHTS.length - kept);
  }, 30_000);

  it('starts anew where the server does not resume', async () => {
    mkdirSync(storage('blobs'), { recursive: true });
    writeFileSync(`${blob('model.safetensors')}.incomplete`, WEIGHTS.subarray(0, 1000));
    hub.faults.ignoreRange = true;
    const path = await resolve();
    expect(readFileSync(join(path, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
  });
});

describe('a damaged file', () => {
  it('is refused and not kept', async () => {
    hub.faults.corrupt = true;
    const error = await failure(resolve());
    expect(error).toBeInstanceOf(WorkError);
    expect(error.message).toContain('model.safetensors does not have the digest');
    expect(existsSync(storage('snapshots', commit, 'model.safetensors'))).toBe(false);
    expect(readdirSync(storage('blobs')).some((name) => name.startsWith(sha256(WEIGHTS)))).toBe(false);

    hub.faults = {};
    expect(readFileSync(join(await resolve(), 'model.safetensors')).equals(WEIGHTS)).toBe(true);
  });

  it('from an earlier try is fetched again from its beginning', async () => {
    mkdirSync(storage('blobs'), { recursive: true });
    writeFileSync(`${blob('model.safetensors')}.incomplete`, randomBytes(1_000_000));
    const path = await resolve();
    expect(readFileSync(join(path, 'model.safetensors')).equals(WEIGHTS)).toBe(true);
    expect(hub.sent).toBe(2 * WEIGHTS.length - 1_000_000);
  });
});

describe('without the hub', () => {
  it('a model in the cache is used offline, without a request', async () => {
    const path = await resolve();
    hub.requests.length = 0;
    process.env.HF_HUB_OFFLINE = '1';
    expect(await resolve()).toBe(path);
    expect(hub.requests).toEqual([]);
  });

  it('a model that is not in the cache is an error that says how to get it', async () => {
    process.env.HF_HUB_OFFLINE = '1';
    const error = await failure(resolve());
    expect(error).toMatchObject({ exitCode: 2 });
    expect(error.message).toMatch(/HF_HUB_OFFLINE is set and someone\/small-model \(main\) is not there/);
  });

  it('a complete copy serves with a warning, and nothing is an error of the network', async () => {
    const path = await resolve();
    process.env.HF_ENDPOINT = 'http://127.0.0.1:9';
    const messages: string[] = [];
    expect(await resolve({ onMessage: (event) => messages.push(`${event.level}: ${event.text}`) })).toBe(path);
    expect(messages).toEqual([
      expect.stringMatching(/^warning: http:\/\/127\.0\.0\.1:9 can't be reached: using the copy/),
    ]);
    const error = await failure(resolve({ cache: join(folder, 'other') }));
    expect(error).toMatchObject({ exitCode: 1 });
    expect(error.message).toMatch(/can't be reached.*HF_ENDPOINT/);
  });
});

describe('an answer that ends the matter', () => {
  it.each([
    [401, 2, /denies access.*HF_TOKEN/],
    [403, 2, /denies access.*HF_TOKEN/],
    [404, 2, /neither a folder here nor a model on the hub/],
    [503, 1, /can't be reached: HTTP 503/],
    [418, 1, /can't be used/],
  ])('HTTP %i exits with %i and says what to do', async (status, exitCode, message) => {
    hub.faults.status = status;
    const error = await failure(resolve());
    expect(error).toMatchObject({ exitCode });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
  });

  it('a repository without safetensors is refused by what it lacks', async () => {
    hub.publish({
      'config.json': Buffer.from('{}'),
      'tokenizer.json': Buffer.from('{}'),
      'pytorch_model.bin': Buffer.from('x'),
    });
    const error = await failure(resolve());
    expect(error).toMatchObject({ exitCode: 2 });
    expect(error.message).toContain('has no model.safetensors');
  });

  it('an index cannot name files elsewhere', async () => {
    const { 'model.safetensors': _, ...rest } = FILES;
    const index = Buffer.from(JSON.stringify({ weight_map: { a: '../../../etc/passwd' } }));
    hub.publish({ ...rest, 'model.safetensors.index.json': index });
    expect((await failure(resolve())).message).toContain('expected a weight_map');
  });
});

describe('resolveModelFolder', () => {
  it('takes an existing folder as it is', async () => {
    writeFileSync(join(folder, 'config.json'), '{}');
    expect(await resolveModelFolder(folder, { revision: 'main' })).toBe(folder);
    expect(hub.requests).toEqual([]);
  });

  it.each([
    ['an empty folder', (path: string) => mkdirSync(path), /has no config\.json/],
    ['a file', (path: string) => writeFileSync(path, ''), /is a file/],
    [
      'a path that is not there',
      () => {},
      /expected "sample", "sample-general", "sample-base", an existing folder, or a hub id/,
    ],
  ])('refuses %s', async (_, make, message) => {
    const path = join(folder, 'x');
    make(path);
    const error = await failure(resolveModelFolder(path, { revision: 'main' }));
    expect(error).toMatchObject({ exitCode: 2 });
    expect(error.message).toMatch(message);
  });

  it('refuses a word that is nothing', async () => {
    const error = await failure(resolveModelFolder('modle', { revision: 'main' }));
    expect(error).toMatchObject({ exitCode: 2 });
    expect(error.message).toMatch(
      /expected "sample", "sample-general", "sample-base", an existing folder, or a hub id/,
    );
  });
});
