/** The command line as a user has it, in this process or in one of its own, a small model and a few papers. */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, vi } from 'vitest';
import { main } from '../../cli/main.js';
import { writeSafetensors } from '../../lib/files/safetensors.js';
import { makePapers, snapshotLine, type TestPaper } from '../datasets/helpers/corpus.js';
import { type RandomModel, randomModel } from '../encoder/tiny-models.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BINARY = join(ROOT, 'bin/llm-embedding.mjs');
const TOKENIZER = join(ROOT, 'test/fixtures/tokenizer');

export interface Outcome {
  code: number | null;
  /** That ended the process, where one did. */
  signal?: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface StartOptions {
  /** Where the process works; caches and default outputs go below it. */
  cwd: string;
  env?: Record<string, string>;
  /** Called with the process as soon as it runs. */
  started?: (child: ReturnType<typeof spawn>) => void;
}

/**
 * Runs `llm-embedding` in this process, without key and network: it takes a second or two less than a process of its own,
 * and is enough where neither signals nor the separation of the two streams are looked at.
 */
export async function llmEmbedding(args: string[], { cwd, env = {} }: Omit<StartOptions, 'started'>): Promise<Outcome> {
  const home = process.cwd();
  const exitCode = process.exitCode;
  const outcome: Outcome = { code: null, stdout: '', stderr: '' };
  const collect = (stream: 'stdout' | 'stderr') =>
    vi.spyOn(process[stream], 'write').mockImplementation((chunk, ...rest) => {
      outcome[stream] += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk);
      const done = rest.at(-1);
      if (typeof done === 'function') done();
      return true;
    });
  const spies = [collect('stdout'), collect('stderr')];
  for (const [name, value] of Object.entries({ OPENAI_API_KEY: undefined, HF_HUB_OFFLINE: '1', ...env }))
    vi.stubEnv(name, value);
  process.chdir(cwd);
  process.exitCode = undefined;
  try {
    await main([process.execPath, BINARY, ...args]);
    return { ...outcome, code: Number(process.exitCode ?? 0) };
  } finally {
    process.chdir(home);
    process.exitCode = exitCode;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}

/** Runs `llm-embedding` in a process of its own, without key and network. */
export function llmEmbeddingProcess(args: string[], { cwd, env = {}, started }: StartOptions): Promise<Outcome> {
  const { OPENAI_API_KEY: _, ...inherited } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BINARY, ...args], {
      cwd,
      env: { ...inherited, HF_HUB_OFFLINE: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const outcome: Outcome = { code: null, stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      outcome.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      outcome.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ...outcome, code, signal }));
    started?.(child);
  });
}

/** What `--json` printed, which must be one JSON value and nothing else. */
export function jsonOf<T>({ code, stdout, stderr }: Outcome): T {
  expect(stderr).not.toContain('llm-embedding:');
  expect(code).toBe(0);
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  return JSON.parse(stdout) as T;
}

/** The one line on standard error that says what is wrong; progress before it has marks or is indented. */
export function complaint({ stderr }: Outcome): string {
  const lines = stderr.trimEnd().split('\n');
  const own = lines.filter((line) => line.startsWith('llm-embedding: ') || line.startsWith('error: '));
  expect(own, stderr).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  return own[0] as string;
}

/** A folder of its own for a test file, gone when it ends. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Names in a folder; none where there is no folder. */
export function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** A model folder of random weights: two layers of width 12, and the tokenizer of the fixtures. */
export async function writeTinyModel(folder: string, seed = 1): Promise<RandomModel> {
  const model = randomModel(seed, { vocabularySize: 400, maxPositions: 256, padTokenId: 2 });
  const { config, parameters } = model;
  mkdirSync(folder, { recursive: true });
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    copyFileSync(join(TOKENIZER, name), join(folder, name));
  const file = {
    model_type: 'qwen2',
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.attentionHeads,
    num_key_value_heads: config.keyValueHeads,
    head_dim: config.headDimension,
    vocab_size: config.vocabularySize,
    rms_norm_eps: config.rmsNormEpsilon,
    rope_theta: config.ropeTheta,
    max_position_embeddings: config.maxPositions,
    pad_token_id: config.padTokenId,
    hidden_act: 'silu',
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(file));
  const tensors = [...parameters].map(([name, { shape, data }]) => [
    `model.${name}`,
    { dtype: 'F32' as const, shape, data },
  ]);
  await writeSafetensors(join(folder, 'model.safetensors'), Object.fromEntries(tensors));
  return model;
}

/** The main topic four times as often as each of the others, one of which is an archive. */
const CATEGORIES =
  'gr-qc hep-th gr-qc astro-ph.CO math-ph gr-qc cond-mat.stat-mech cs.LG gr-qc cs.AI stat.ML q-bio.NC'.split(' ');

/** A snapshot of our own over all nine topics. */
export function writeSnapshot(path: string, papers = 72): TestPaper[] {
  const made = makePapers(papers, CATEGORIES, 7);
  writeFileSync(path, `${made.map(snapshotLine).join('\n')}\n`);
  return made;
}
