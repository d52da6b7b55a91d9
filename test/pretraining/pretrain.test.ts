/** Pre-training from end to end, on the sample corpus and with settings for a few seconds. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readModelConfig } from '../../lib/models/model-config.js';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const binary = join(root, 'bin/llm-embedding.mjs');
const scratch = mkdtempSync(join(tmpdir(), 'pretrain-'));
/** A quarter of the sample corpus. */
const corpus = join(scratch, 'corpus.jsonl');
const lines = gunzipSync(readFileSync(join(root, 'data/sample-corpus.jsonl.gz')))
  .toString('utf8')
  .trim()
  .split('\n');
writeFileSync(corpus, lines.filter((_, i) => i % 4 === 0).join('\n'));
afterAll(() => rmSync(scratch, { recursive: true }));

const small = {
  vocabularySize: 600,
  contentSize: 32,
  hiddenSize: 48,
  attentionHeads: 2,
  intermediateSize: 8,
  phases: [
    { epochs: 4, pairs: 128, hardNegatives: 0, learningRate: 0.01 },
    { epochs: 1, pairs: 96, hardNegatives: 1, learningRate: 0.004 },
  ],
  clozePairs: 32,
  validateEvery: 5,
  validationPapers: 50,
  testPapers: 50,
};
const settings = (changes: object = {}): string[] => [
  ...Object.entries({ ...small, ...changes }).flatMap(([key, value]) => [
    '--set',
    `pretraining.${key}=${JSON.stringify(value)}`,
  ]),
  '--set',
  `cache=${join(scratch, 'cache')}`,
];
const argumentsFor = (out: string, ...more: string[]): string[] => [
  binary,
  'pretrain',
  '--data',
  corpus,
  '--out',
  join(scratch, out),
  ...settings(),
  ...more,
];
const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, args, { encoding: 'utf8' });
const digest = (out: string): string =>
  readdirSync(join(scratch, out))
    .sort()
    .map(
      (file) =>
        `${file} ${createHash('sha256')
          .update(readFileSync(join(scratch, out, file)))
          .digest('hex')}`,
    )
    .join('\n');

describe('llm-embedding pretrain', () => {
  let all: { train: number; test: number };

  it('makes a model folder from a snapshot, the same bytes again from the same seed', async () => {
    const first = run(...argumentsFor('a', '--json'));
    expect(first.stderr).toContain('pre-training');
    expect(first.status).toBe(0);
    const result = JSON.parse(first.stdout);
    expect(result.history.losses.at(-1)).toBeLessThan(result.history.losses[0]);
    expect(result.history.validations.at(-1).mrr).toBeGreaterThan(0.3);
    expect(result.quality.systems.map(({ name }: { name: string }) => name)).toEqual(['untuned', 'bm25', 'hybrid']);
    const files = [
      'README.md',
      'config.json',
      'model.safetensors',
      'pretraining.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ];
    all = result.papers;
    expect(readdirSync(join(scratch, 'a')).sort()).toEqual(files);
    expect(await readModelConfig(join(scratch, 'a'))).toMatchObject({ hiddenSize: 48, causal: false });
    expect((await loadTokenizer(join(scratch, 'a'))).encode('Black holes')[0]).toBe(0);
    expect(readFileSync(join(scratch, 'a/README.md'), 'utf8')).toMatch(/\| BM25, stemmed \| 0\.\d{3} \[/);

    expect(run(...argumentsFor('b')).status).toBe(0);
    expect(digest('b')).toBe(digest('a'));
  });

  it('keeps its work when stopped, and goes on to the same bytes', async () => {
    const args = argumentsFor('c');
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    expect(await interruptAt(child, join(scratch, 'c/pretraining-state.safetensors'))).toBe(130);
    const again = run(...args);
    expect(again).toMatchObject({ status: 2, stderr: expect.stringContaining('--resume') });
    const other = run(...args, '--resume', '--set', 'pretraining.temperature=0.1');
    expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining('other settings') });
    expect(run(...args, '--resume').status).toBe(0);
    expect(digest('c')).toBe(digest('a'));
  });

  it('sees no paper of an excluded topic', () => {
    const result = run(...argumentsFor('d', '--exclude-topics', 'gr-qc,q-bio', '--json'));
    expect(result.status).toBe(0);
    const { papers } = JSON.parse(result.stdout);
    expect(papers.train).toBeLessThan(0.8 * all.train);
    expect(papers.test).toBe(all.test);
    expect(readFileSync(join(scratch, 'd/README.md'), 'utf8')).toContain('no paper of gr-qc, q-bio');
  });

  it('says what is wrong with its input', () => {
    expect(run(binary, 'pretrain', '--out', join(scratch, 'x'))).toMatchObject({ status: 2 });
    const missing = run(binary, 'pretrain', '--data', 'no-such-file.jsonl', '--out', join(scratch, 'x'));
    expect(missing).toMatchObject({ status: 2, stderr: expect.stringContaining('no-such-file.jsonl') });
    const narrow = run(...argumentsFor('narrow', '--set', 'pretraining.hiddenSize=20'));
    expect(narrow).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('pretraining.hiddenSize = 20 leaves no room'),
    });
    expect(existsSync(join(scratch, 'narrow'))).toBe(false);
    const tiny = run(...argumentsFor('x', '--set', 'pretraining.vocabularySize=60000'));
    expect(tiny).toMatchObject({ status: 1, stderr: expect.stringContaining('lower pretraining.vocabularySize') });
  });
});

/** Sends Ctrl-C once the file is there; the exit code. */
async function interruptAt(child: ChildProcess, file: string): Promise<number | null> {
  const watch = setInterval(() => {
    if (existsSync(file)) {
      clearInterval(watch);
      child.kill('SIGINT');
    }
  }, 20);
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  clearInterval(watch);
  return code;
}
