/** Push and pull against a hub on loopback: same bytes, private, resumed, the token nowhere but at the endpoint. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { exportModel } from '../../lib/export/export-model.js';
import { pullModel } from '../../lib/export/pull.js';
import { pushModel } from '../../lib/export/push.js';
import { openStepResults } from '../../lib/pipeline/step-results.js';
import { PUSH_TOKEN, type PushHub, startPushHub } from '../hub/push-hub.js';
import { adapterFolder, configOf, modelFolder } from './models.js';

const ID = 'user/first';
const root = mkdtempSync(join(tmpdir(), 'export-push-'));
const results = openStepResults();
const exported = join(root, 'exported');
let model: string;
let adapter: string;
let hub: PushHub;
beforeAll(async () => {
  model = await modelFolder('bert', join(root, 'bert'));
  adapter = await adapterFolder(model, join(root, 'adapter'));
  await exportModel(results, configOf(model, { adapter }), { to: 'onnx', out: exported });
});
beforeEach(async () => {
  hub = await startPushHub();
  vi.stubEnv('HF_ENDPOINT', hub.url);
  vi.stubEnv('HF_TOKEN', PUSH_TOKEN);
  vi.stubEnv('HF_HUB_OFFLINE', '');
  vi.stubEnv('HF_HOME', root);
});
afterEach(async () => {
  await hub.close();
  vi.unstubAllEnvs();
  expect(hub.requests.filter(({ storage, authorization }) => storage && authorization !== undefined)).toEqual([]);
});
afterAll(async () => {
  await results.close();
  rmSync(root, { recursive: true });
});

const push = (options: Partial<Parameters<typeof pushModel>[2]> = {}) =>
  pushModel(results, configOf(model, { adapter }), { id: ID, exported, ...options });

/** All files below a folder by their paths. */
function contents(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

describe('a push', () => {
  it('makes a private repository with the bytes of the export, and a pull brings them back', async () => {
    const pushed = await push();
    expect(pushed).toMatchObject({ id: ID, url: `${hub.url}/${ID}`, isPublic: false, unchanged: [], target: 'onnx' });
    expect(hub.repositories.get(ID)?.private).toBe(true);
    const pulled = await pullModel(ID, { out: join(root, 'pulled') });
    expect(pulled.commit).toBe(pushed.commit);
    expect(contents(pulled.folder)).toEqual(contents(exported));
    expect(readdirSync(root).filter((name) => name.includes('.pull-'))).toEqual([]);
  });

  it('exports a model first, and sends nothing but the export', async () => {
    const out = join(root, 'from-model');
    const { folder, target } = await pushModel(results, configOf(model, { adapter }), { id: ID, out });
    expect(target).toBe('sentence-transformers');
    const sent = [...(hub.repositories.get(ID)?.files.keys() ?? [])].sort();
    expect(sent).toEqual([...contents(folder).keys()].sort());
    expect(sent).toContain('modules.json');
    expect(sent.filter((name) => /training-state|provenance|papers|cache|run\.json/.test(name))).toEqual([]);
  });

  it('sends only what is new', async () => {
    const first = await push();
    const before = hub.requests.length;
    const again = await push();
    expect(again).toMatchObject({ sent: [], commit: first.commit });
    expect(again.unchanged.length).toBe(first.sent.length);
    expect(hub.requests.slice(before).some(({ method }) => method === 'PUT')).toBe(false);
    hub.repositories.get(ID)?.files.set('README.md', Buffer.from('another'));
    expect(await push()).toMatchObject({ sent: ['README.md'] });
  });

  it('goes on where it was cut off: what arrived is not sent again', async () => {
    hub.faults.dropUploads = 1;
    const { sent } = await push();
    expect(sent).toContain('onnx/model.onnx');
    const puts = hub.requests.filter(({ method, storage }) => storage && method === 'PUT').map(({ url }) => url);
    // three files of weights, and one of them a second time
    expect(puts).toHaveLength(4);
    expect(new Set(puts).size).toBe(3);
  });

  it('sends large files in parts where the hub asks for it', async () => {
    hub.faults.partBytes = 4096;
    await push();
    const pulled = await pullModel(ID, { out: join(root, 'of-parts') });
    expect(contents(pulled.folder)).toEqual(contents(exported));
  });

  it('tries again when the hub is busy', async () => {
    hub.faults.status = { code: 503, times: 1 };
    await expect(push()).resolves.toMatchObject({ id: ID });
  });

  it('does not carry the token to where the hub redirects', async () => {
    hub.faults.redirect = true;
    await expect(push()).rejects.toThrow();
    expect(hub.requests.some(({ storage }) => storage)).toBe(true);
  });

  it('refuses an export that is not as it was made, before a word to the hub', async () => {
    const out = join(root, 'changed');
    await exportModel(results, configOf(model), { to: 'merged', out });
    writeFileSync(join(out, 'tokenizer.json'), '{}');
    await expect(push({ exported: out })).rejects.toThrow(/tokenizer.json is not as it was exported: export again/);
    rmSync(join(out, 'config.json'));
    await expect(push({ exported: out })).rejects.toThrow(/config.json is missing/);
    expect(hub.requests).toEqual([]);
  });
});

it('sends a card that its author has edited', async () => {
  const out = join(root, 'edited');
  await exportModel(results, configOf(model), { to: 'merged', out });
  writeFileSync(join(out, 'README.md'), 'my own words');
  await push({ exported: out });
  expect(hub.repositories.get(ID)?.files.get('README.md')?.toString()).toBe('my own words');
  const again = exportModel(results, configOf(model), { to: 'merged', out, overwrite: true });
  await expect(again).rejects.toThrow(/README.md was edited since the export: move it away/);
});

describe('what is public', () => {
  it('is asked for', async () => {
    await expect(push({ isPublic: true })).rejects.toThrow(/will be public: .* Push with --yes to agree/);
    await expect(push({ isPublic: true, confirm: async () => false })).rejects.toThrow('nothing was pushed');
    expect(hub.repositories.size).toBe(0);
    const questions: string[] = [];
    const confirm = async (question: string): Promise<boolean> => questions.push(question) > 0;
    await expect(push({ isPublic: true, confirm })).resolves.toMatchObject({ isPublic: true });
    expect(questions).toEqual([expect.stringContaining('everybody will be able to read what is pushed')]);
    // and again where it is public already
    await expect(push()).rejects.toThrow(/is public: .* --yes/);
  });

  it('is not what was private', async () => {
    await push();
    await expect(push({ isPublic: true, confirm: async () => true })).rejects.toThrow(/is private: make it public on/);
  });
});

describe('what cannot be pushed', () => {
  it('is said with what to do about it', async () => {
    const folder = join(root, 'no-export');
    mkdirSync(folder);
    await expect(push({ exported: folder })).rejects.toThrow(/is no export/);
    await expect(push({ id: 'first' })).rejects.toThrow(/first is no name of a model on the hub: expected user\/name/);
    await expect(push({ id: 'somebody/else' })).rejects.toThrow(/may not write to somebody\/else/);
    hub.faults.role = 'read';
    await expect(push()).rejects.toThrow(/HF_TOKEN can only read/);
    vi.stubEnv('HF_TOKEN', 'hf_another');
    await expect(push()).rejects.toThrow(/does not know the token in HF_TOKEN/);
    vi.stubEnv('HF_TOKEN', '');
    await expect(push()).rejects.toThrow(/no token for the hub: set HF_TOKEN/);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    await expect(push()).rejects.toThrow(/HF_HUB_OFFLINE is set/);
  });
});

describe('a pull', () => {
  it('replaces nothing that it did not bring', async () => {
    await push();
    const out = join(root, 'mine');
    mkdirSync(out);
    writeFileSync(join(out, 'thesis.tex'), '');
    await expect(pullModel(ID, { out, overwrite: true })).rejects.toThrow(/no export made it/);
    await pullModel(ID, { out: join(root, 'twice') });
    await expect(pullModel(ID, { out: join(root, 'twice') })).rejects.toThrow(/--overwrite/);
    await expect(pullModel(ID, { out: join(root, 'twice'), overwrite: true })).resolves.toMatchObject({ id: ID });
  });

  it('writes nothing outside of its folder', async () => {
    await push();
    hub.repositories.get(ID)?.files.set('../outside.txt', Buffer.from('x'));
    await expect(pullModel(ID, { out: join(root, 'inside') })).rejects.toThrow(
      /the hub names the file "..\/outside.txt"/,
    );
    expect(existsSync(join(root, 'outside.txt'))).toBe(false);
    expect(existsSync(join(root, 'inside'))).toBe(false);
  });

  it('says that a model is not there', async () => {
    await expect(pullModel('user/nobody', { out: join(root, 'nobody') })).rejects.toThrow(/nobody/);
  });
});
