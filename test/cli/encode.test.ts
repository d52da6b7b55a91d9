/** `encode` gives what the library gives and what a second implementation computes, in the order of the input. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { quantizationRanges, quantizeRows } from '../../lib/core/quantization.js';
import { Random } from '../../lib/core/random.js';
import { writeAdapter } from '../../lib/encoder/adapter-files.js';
import { embedTexts } from '../../lib/encoder/embed-texts.js';
import { embeddingVectors, readEmbeddings } from '../../lib/files/embeddings.js';
import { readNpy } from '../../lib/files/npy.js';
import { openSafetensors } from '../../lib/files/safetensors.js';
import { untunedEncoder } from '../../lib/pipeline/steps/encoder.js';
import { modelStep } from '../../lib/pipeline/steps/model.js';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';
import { referenceEmbedding } from '../encoder/reference-encoder.js';
import { type RandomModel, randomAdapter, withAdapter } from '../encoder/tiny-models.js';
import {
  complaint,
  filesIn,
  jsonOf,
  llmEmbedding,
  llmEmbeddingProcess,
  workFolder,
  writeTinyModel,
} from './command-line.js';

const cwd = workFolder();
const modelFolder = join(cwd, 'model');
const WIDTH = 12;
const WORDS = 'the field of a black hole decays as its mass grows while waves on curved space scatter weakly'.split(
  ' ',
);

let model: RandomModel;
/** Texts of 1 to 40 words, some of them twice. */
let texts: string[];
beforeAll(async () => {
  model = await writeTinyModel(modelFolder);
  const random = new Random(3, 'texts');
  texts = Array.from({ length: 1000 }, (_, i) => {
    if (i % 97 === 96) return 'the same text again';
    return Array.from({ length: 1 + random.integer(40) }, () => random.pick(WORDS)).join(' ');
  });
  writeFileSync(join(cwd, 'texts.txt'), `${texts.join('\n')}\n`);
});

function encode(...args: string[]) {
  return llmEmbedding(['encode', '--model', modelFolder, ...args], { cwd });
}

async function embeddingsOf(
  file: string,
): Promise<{ shape: readonly number[]; data: Float32Array; ids: string | undefined }> {
  const opened = await openSafetensors(join(cwd, file));
  try {
    expect([...opened.tensors.keys()]).toEqual(['embeddings']);
    const { shape, dtype } = opened.tensors.get('embeddings') ?? { shape: [], dtype: '' };
    expect(dtype).toBe('F32');
    return { shape, data: await opened.readFloat32('embeddings'), ids: opened.metadata.ids };
  } finally {
    await opened.close();
  }
}

/** What a plain implementation in 64-bit numbers gives, scaled to length 1. */
async function reference(text: string, of: RandomModel = model, kept = WIDTH): Promise<number[]> {
  const tokenizer = await loadTokenizer(modelFolder);
  const row = [...referenceEmbedding(of, tokenizer.encode(text))].slice(0, kept);
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] as number))), 0);
}

describe('encode', () => {
  it('gives for 1,000 texts what the library gives, in the order of the input, in both formats', async () => {
    const summary = jsonOf(await encode('--input', 'texts.txt', '--output', 'all.safetensors', '--json'));
    expect(summary).toMatchObject({ output: 'all.safetensors', texts: 1000, dimensions: WIDTH, resumed: 0 });
    expect(filesIn(cwd).filter((name) => name.startsWith('all.safetensors.'))).toEqual([]);
    const { shape, data } = await embeddingsOf('all.safetensors');
    expect(shape).toEqual([1000, WIDTH]);

    const config = resolveConfig({ input: { encoder: { model: modelFolder } } });
    const loaded = await modelStep.run(config);
    try {
      const encoder = await untunedEncoder(config, loaded);
      const expected = await embedTexts(encoder, texts, { maxLength: 256, normalize: true });
      expect(largestDifference(data, expected)).toBeLessThan(1e-6);
    } finally {
      await loaded.engine.close();
    }
    for (const i of [0, 1, 96, 500, 999]) {
      const row = data.subarray(i * WIDTH, (i + 1) * WIDTH);
      expect(largestDifference(row, await reference(texts[i] as string)), `text ${i}`).toBeLessThan(1e-5);
    }

    const { code, stdout } = await encode('--input', 'texts.txt', '--output', 'all.npy');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^1,000 embeddings of 12 dimensions in all\.npy\n[\d,]+ tokens at [\d,]+ per second, \d+\.\d % padding, plan [\w-]+\n$/,
    );
    const npy = await readNpy(join(cwd, 'all.npy'));
    expect(npy.shape).toEqual([1000, WIDTH]);
    expect(npy.data).toEqual(data);
  });

  it('gives for one text what it gives for it among others, and keeps ids', async () => {
    writeFileSync(join(cwd, 'one.jsonl'), `${JSON.stringify({ id: 'only', text: texts[7] })}\n`);
    const { code } = await encode('--input', 'one.jsonl', '--output', 'one.safetensors');
    expect(code).toBe(0);
    const { shape, data, ids } = await embeddingsOf('one.safetensors');
    expect(shape).toEqual([1, WIDTH]);
    expect(ids).toBe('["only"]');
    expect(largestDifference(data, await reference(texts[7] as string))).toBeLessThan(1e-5);
  });

  it('quantizes as asked, queries by the ranges of the corpus, and refuses what it cannot', async () => {
    const run = (input: string, output: string, ...rest: string[]) =>
      encode('--input', input, '--output', output, ...rest);
    writeFileSync(join(cwd, 'corpus.txt'), texts.slice(0, 120).join('\n'));
    writeFileSync(join(cwd, 'queries.txt'), texts.slice(5, 6).join('\n'));
    await run('corpus.txt', 'full.npy');
    const vectors = embeddingVectors(await readEmbeddings(join(cwd, 'full.npy')));
    const ranges = quantizationRanges(vectors, WIDTH);
    for (const [output, precision] of [
      ['corpus.npy', 'int8'],
      ['corpus.safetensors', 'ubinary'],
    ] as const) {
      const { code, stdout, stderr } = await run('corpus.txt', output, '--precision', precision);
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('calibrated on')]);
      expect(stdout).toContain(`120 embeddings of 12 dimensions, ${precision}, in ${output}`);
      const stored = await readEmbeddings(join(cwd, output));
      expect(stored.codes).toEqual(quantizeRows(vectors, WIDTH, precision, ranges));
    }
    expect((await run('queries.txt', 'q.npy', '--precision', 'int8', '--calibrate-with', 'corpus.npy')).code).toBe(0);
    const [corpus, one] = [await readEmbeddings(join(cwd, 'corpus.npy')), await readEmbeddings(join(cwd, 'q.npy'))];
    expect(one.ranges).toEqual(corpus.ranges);
    expect(filesIn(cwd).filter((name) => name.includes('float32'))).toEqual([]);
    for (const [options, message] of [
      [['--precision', 'int8'], 'one text cannot calibrate it'],
      [['--precision', 'unibary'], 'did you mean "ubinary"'],
      [['--precision', 'binary', '--calibrate-with', 'corpus.npy'], 'binary needs no ranges'],
      [['--precision', 'int8', '--dimensions', '4', '--calibrate-with', 'corpus.npy'], 'embeddings of 12 dimensions'],
    ] as const) {
      const { code, stderr } = await run('queries.txt', 'no.npy', ...options);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });

  it('warns of an adapter of another model, by name', async () => {
    await writeAdapter(join(cwd, 'other'), { ...randomAdapter(model.config, 5), baseModel: 'BAAI/bge-small-en' });
    writeFileSync(join(cwd, 'one.txt'), 'waves on a black hole');
    const { stderr } = await encode('--input', 'one.txt', '--output', 'one.npy', '--adapter', 'other');
    expect(stderr).toMatch(/warning: the adapter other was trained on "BAAI\/bge-small-en" and is used with /);
  });

  it('applies adapter, prompt and dimensions', async () => {
    const adapter = randomAdapter(model.config, 5);
    await writeAdapter(join(cwd, 'adapter'), { ...adapter, baseModel: modelFolder });
    writeFileSync(join(cwd, 'two.txt'), 'waves on a black hole\nthe mass grows');
    const options = ['--adapter', 'adapter', '--prompt', 'query: ', '--dimensions', '5'];
    const { code, stderr } = await encode('--input', 'two.txt', '--output', 'two.safetensors', ...options);
    expect(code).toBe(0);
    expect(stderr).not.toContain('was trained on');
    const { shape, data } = await embeddingsOf('two.safetensors');
    expect(shape).toEqual([2, 5]);
    const adapted = withAdapter(model, adapter.tensors, adapter.config.alpha / adapter.config.rank);
    expect(
      largestDifference(data.subarray(0, 5), await reference('query: waves on a black hole', adapted, 5)),
    ).toBeLessThan(1e-5);
    expect(largestDifference(data.subarray(5), await reference('query: the mass grows', adapted, 5))).toBeLessThan(
      1e-5,
    );
  });
});

describe('encode, cut short', () => {
  /** Many micro-batches: nothing takes more than 64 tokens at once. */
  const slow = ['--input', 'texts.txt', '--set', 'batches.tokenBudget=64'];
  const rowsOf = (journal: string): number =>
    existsSync(journal)
      ? readFileSync(journal, 'utf8')
          .split('\n')
          .slice(1, -1)
          // a checksum, then the rows
          .flatMap((line) => line.split(' ').slice(1)).length
      : 0;

  it.each([
    ['SIGKILL', ['SIGKILL'], 'SIGKILL'],
    ['Ctrl-C', ['SIGINT'], 130],
    // by the signal, and not by an abort of a thread that computes
    ['Ctrl-C and Ctrl-C again', ['SIGINT', 'SIGINT'], 'SIGINT'],
    // as SLURM asks at a time limit: no impatience
    ['SIGTERM sent twice', ['SIGTERM', 'SIGTERM'], 130],
  ] as const)('by %s goes on where it was and gives the same bytes', async (name, signals, end) => {
    const output = `${name}.safetensors`;
    const journal = join(cwd, `${output}.partial.journal`);
    const stopped = await llmEmbeddingProcess(['encode', '--model', modelFolder, ...slow, '--output', output], {
      cwd,
      started: (child) => {
        const watch = setInterval(() => {
          if (rowsOf(journal) <= 20) return;
          for (const [i, signal] of signals.entries()) setTimeout(() => child.kill(signal), 3 * i);
          clearInterval(watch);
        }, 1);
        child.on('close', () => clearInterval(watch));
      },
    });
    expect(stopped.code ?? stopped.signal, stopped.stderr).toBe(end);
    const rows = rowsOf(journal);
    expect(rows).toBeGreaterThan(20);
    expect(rows).toBeLessThan(1000);
    expect(existsSync(join(cwd, output))).toBe(false);
    if (end === 130) expect(stopped.stderr).toMatch(new RegExp(`stopped; ${rows} of 1,000 texts are encoded`));

    const summary = jsonOf<{ resumed: number }>(await encode(...slow, '--output', output, '--json'));
    expect(summary.resumed).toBe(rows);
    await encode(...slow, '--output', 'whole.safetensors');
    expect(readFileSync(join(cwd, output)).equals(readFileSync(join(cwd, 'whole.safetensors')))).toBe(true);
    expect(filesIn(cwd).filter((name) => name.startsWith(`${output}.`))).toEqual([]);
  });
});

describe('encode refuses, and leaves nothing behind', () => {
  const good = ['--input', 'texts.txt'];

  async function refused(args: string[], message: RegExp): Promise<void> {
    mkdirSync(join(cwd, 'out'), { recursive: true });
    const outcome = await encode('--output', 'out/e.safetensors', ...args);
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toBe('');
    expect(complaint(outcome)).toMatch(message);
    expect(filesIn(join(cwd, 'out'))).toEqual([]);
  }

  it('an input that is missing, empty, or has a bad line, which is named', async () => {
    await refused(['--input', 'nowhere.txt'], /cannot read "nowhere\.txt": no such file/);
    writeFileSync(join(cwd, 'empty.txt'), '');
    await refused(['--input', 'empty.txt'], /"empty\.txt" is empty: expected lines of text/);
    writeFileSync(join(cwd, 'bad.jsonl'), '{"text": "good"}\n{"text": \n');
    await refused(['--input', 'bad.jsonl'], /bad\.jsonl:2: not JSON/);
  });

  it('a model folder without weights, with truncated weights, or without configuration', async () => {
    const folder = join(cwd, 'broken');
    await writeTinyModel(folder);
    const weights = join(folder, 'model.safetensors');
    writeFileSync(weights, readFileSync(weights).subarray(0, -1000));
    await refused([...good, '--model', folder], /model\.safetensors/);
    writeFileSync(weights, readFileSync(weights).subarray(0, 20));
    await refused([...good, '--model', folder], /model\.safetensors/);
    const empty = join(cwd, 'no-model');
    mkdirSync(empty, { recursive: true });
    await refused([...good, '--model', empty], /no-model has no config\.json/);
    for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
      writeFileSync(join(empty, name), readFileSync(join(modelFolder, name)));
    }
    await refused([...good, '--model', empty], /no-model has no weights: expected model\.safetensors/);
  });

  it('an output of another kind, and more dimensions than there are', async () => {
    await refused([...good, '--output', 'out/e.csv'], /\.safetensors or \.npy/);
    await refused([...good, '--dimensions', '13'], /--dimensions 13.*have 12/);
    expect(existsSync(join(cwd, 'out/e.csv'))).toBe(false);
  });
});
