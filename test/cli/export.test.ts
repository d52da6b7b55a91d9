/** `export`, `push` and `pull` from a shell: the same as in a program, and bad usage in one line. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adapterFolder, modelFolder, readJson } from '../export/models.js';
import { PUSH_TOKEN, type PushHub, startPushHub } from '../hub/push-hub.js';
import { complaint, jsonOf, llmEmbedding, workFolder } from './command-line.js';

const cwd = workFolder();
const ID = 'user/first';
let hub: PushHub;
let env: Record<string, string>;
beforeAll(async () => {
  await adapterFolder(await modelFolder('bert', join(cwd, 'bert')), join(cwd, 'adapter'));
  hub = await startPushHub();
  env = { HF_ENDPOINT: hub.url, HF_TOKEN: PUSH_TOKEN, HF_HUB_OFFLINE: '0', HF_HOME: cwd };
});
afterAll(() => hub.close());

const adapter = ['--set', 'encoder.adapter="adapter"'];

describe('export', () => {
  it('says what it made', async () => {
    const { code, stdout } = await llmEmbedding(['export', 'bert', '--to', 'onnx', ...adapter], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^adapter as onnx in .*bert-onnx\n {2}f32 {2}.*\n {2}f16 .*\n {2}int8/);
    expect(existsSync(join(cwd, 'bert-onnx/onnx/model_quantized.onnx'))).toBe(true);
  });

  it('takes precision, licence, data sets and the largest file, and prints JSON', async () => {
    const options = [
      '--precision',
      'f32',
      '--license',
      'mit',
      '--datasets',
      'user/papers',
      '--max-file-size',
      '0.00001',
    ];
    const args = ['export', 'bert', '--to', 'merged', '--out', 'merged', ...adapter, ...options, '--json'];
    const made = jsonOf(await llmEmbedding(args, { cwd })) as { folder: string; files: Record<string, number> };
    expect(Object.keys(made.files)).toContain('model.safetensors.index.json');
    const card = readFileSync(join(made.folder, 'README.md'), 'utf8');
    expect(card).toContain('license: "mit"\n');
    expect(card).toContain('datasets: ["user/papers"]\n');
  });

  it.each([
    [['--to', 'onxx'], /--to onxx: expected merged, sentence-transformers, peft, onnx, site; did you mean/],
    [['--to', 'onnx', '--precision', 'f32,q4'], /--precision q4: --to onnx takes f32, f16, int8/],
    [['--to', 'merged', '--measure', 'many'], /--measure many: expected a number of at least 0/],
    [['--to', 'peft'], /has no adapter/],
  ])('refuses %j in one line', async (args, message) => {
    const outcome = await llmEmbedding(['export', 'bert', '--out', 'refused', ...args], { cwd });
    expect(complaint(outcome)).toMatch(message);
    expect(existsSync(join(cwd, 'refused'))).toBe(false);
  });
});

describe('push and pull', () => {
  it('carry an export there and back', async () => {
    const pushed = await llmEmbedding(['push', 'bert-onnx', ID], { cwd, env });
    expect(pushed.stdout).toMatch(/^\d+ files pushed to http:.*\/user\/first \(private\), 0 there already\n$/);
    const again = await llmEmbedding(['push', 'bert-onnx', ID], { cwd, env });
    expect(again.stdout).toMatch(/^nothing new pushed to/);
    const pulled = await llmEmbedding(['pull', ID, '--out', 'pulled'], { cwd, env });
    expect(pulled.stdout).toMatch(/files of user\/first in .*pulled/);
    expect(readJson(cwd, 'pulled/export.json')).toEqual(readJson(cwd, 'bert-onnx/export.json'));
  });

  it('export a model first where it is none, and ask before it is public', async () => {
    const args = ['push', 'bert', 'user/public', '--public', '--out', 'for-the-hub', ...adapter];
    expect(complaint(await llmEmbedding(args, { cwd, env }))).toMatch(
      /user\/public will be public: .* Push with --yes to agree/,
    );
    const pushed = await llmEmbedding([...args, '--yes'], { cwd, env });
    expect(pushed.stdout).toMatch(/\(public\)/);
    expect(hub.repositories.get('user/public')?.files.has('modules.json')).toBe(true);
  });
});
