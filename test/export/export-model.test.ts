/** Exports of runs: as others use a result, with a card of what the run says, into folders that nothing else is lost in. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConfigInput, resolveConfig } from '../../lib/config/config.js';
import { Interrupted, UserError } from '../../lib/core/errors.js';
import type { MessageEvent } from '../../lib/core/events.js';
import { exportModel } from '../../lib/export/export-model.js';
import { readNpy } from '../../lib/files/npy.js';
import { encodeFile } from '../../lib/pipeline/encode.js';
import { openSession } from '../../lib/pipeline/session.js';
import { largestDifference, readJson, TEXTS } from './models.js';

const scratch = mkdtempSync(join(tmpdir(), 'llm-embedding-export-'));
const session = openSession({ runs: join(scratch, 'runs') });
afterAll(async () => {
  await session.close();
  rmSync(scratch, { recursive: true, force: true });
});

function configOf({ training, ...others }: ConfigInput = {}) {
  return resolveConfig({
    input: {
      cache: join(scratch, 'cache'),
      datasets: { maxPerCategory: 12 },
      tokens: { maxAbstractTokens: 32 },
      batches: { pairs: 16 },
      encoder: { lora: { rank: 4, alpha: 8 } },
      training: { maxSteps: 2, validateEvery: 1, ...training },
      evaluation: { queries: 'all', systems: ['untuned', 'tuned'], bootstrapSamples: 100 },
      ...others,
    },
  });
}

const lora = configOf();
const full = configOf({ training: { method: 'full', learningRate: 1e-4 } });
const loraRun = join(scratch, 'lora');
const fullRun = join(scratch, 'full');
const texts = join(scratch, 'texts.txt');
beforeAll(async () => {
  writeFileSync(texts, `${TEXTS.join('\n')}\n`);
  await session.train(lora, { folder: loraRun, name: 'first' });
  await session.evaluate(lora, { run: loraRun });
  await session.train(full, { folder: fullRun, name: 'second' });
}, 120_000);

/** What `encode` gives, by a run or by a folder as a base. */
async function encode(source: { run: string } | { model: string }, config = lora): Promise<Float32Array> {
  const output = join(scratch, 'embeddings.npy');
  rmSync(output, { force: true });
  const used = 'run' in source ? config : configOf({ encoder: { model: source.model } });
  await encodeFile(session, used, { input: texts, output, ...('run' in source ? { run: source.run } : {}) });
  return (await readNpy(output)).data as Float32Array;
}

describe.each([
  ['LoRA', loraRun, lora],
  ['full training', fullRun, full],
] as const)('a run of %s', (_, run, config) => {
  it.each(['merged', 'sentence-transformers'])('as %s, loaded as a base, gives the same embeddings', async (to) => {
    const { folder } = await exportModel(session, config, { to, run, precisions: ['f32'], measure: 0 });
    expect(folder).toBe(`${run}-${to}`);
    expect(largestDifference(await encode({ model: folder }), await encode({ run }, config))).toBeLessThan(1e-6);
  });

  it('in bf16 gives embeddings that differ by less than a hundredth of their length', async () => {
    const out = `${run}-bf16`;
    await exportModel(session, config, { to: 'merged', run, out, precisions: ['bf16'], measure: 0 });
    const expected = await encode({ run }, config);
    const found = await encode({ model: out });
    const squares = (of: Float32Array): number => of.reduce((sum, value) => sum + value ** 2, 0);
    const difference = found.map((value, i) => value - expected[i]!);
    expect(Math.sqrt(squares(difference) / squares(expected))).toBeLessThan(1e-2);
  });

  it('as ONNX says what each precision costs on the test side', async () => {
    const made = await exportModel(session, config, { to: 'onnx', run, measure: 40 });
    expect(made.measures?.split).toBe('test');
    expect(made.measures?.documents).toBeLessThanOrEqual(40);
    const [f32, f16, int8] = made.measures!.variants;
    expect(f32!.largestDifference).toBeLessThan(1e-5);
    expect(f16!.largestDifference).toBeLessThan(1e-2);
    expect(int8!.largestDifference).toBeLessThan(5e-2);
    expect(f32!.mrr).toBeCloseTo(f32!.reference, 6);
    expect(Math.abs(int8!.mrr - int8!.reference)).toBeLessThan(0.1);
    const card = readFileSync(join(made.folder, 'README.md'), 'utf8');
    expect(card).toMatch(/\| `onnx\/model_quantized.onnx` \| int8 \| .* \| \.\d{3} \| [+−]\.\d{3} \|/);
  });
});

it('measures all of the evaluated side as the report does', async () => {
  const made = await exportModel(session, lora, {
    to: 'merged',
    run: loraRun,
    out: join(scratch, 'measured'),
    precisions: ['f32'],
  });
  const { systems } = readJson<{ systems: { name: string; metrics: Record<string, { value: number }> }[] }>(
    loraRun,
    'report.json',
  );
  const tuned = systems.find(({ name }) => name === 'tuned')!.metrics['mrr@10']!.value;
  expect(made.measures!.variants[0]).toMatchObject({ precision: 'f32' });
  expect(made.measures!.variants[0]!.reference).toBeCloseTo(tuned, 3);
});

describe('the adapter for PEFT', () => {
  it('is the one that was trained, with its tokenizer, and names no folder of this machine', async () => {
    const { folder } = await exportModel(session, lora, { to: 'peft', run: loraRun });
    const weights = 'adapter_model.safetensors';
    expect(readFileSync(join(folder, weights))).toEqual(readFileSync(join(loraRun, 'adapter', weights)));
    expect(readJson(folder, 'adapter_config.json')).toMatchObject({ r: 4, base_model_name_or_path: 'sample-base' });
    expect(existsSync(join(folder, 'tokenizer.json'))).toBe(true);
    expect(existsSync(join(folder, 'provenance.json'))).toBe(false);
  });

  it('is refused where all weights were trained, before anything is written', async () => {
    await expect(exportModel(session, full, { to: 'peft', run: fullRun })).rejects.toThrow(
      /second has no adapter, all of its weights are its own: export it with --to sentence-transformers/,
    );
    expect(existsSync(`${fullRun}-peft`)).toBe(false);
  });
});

describe('what is asked for', () => {
  const refuse = (options: object, config = lora) =>
    expect(exportModel(session, config, { to: 'merged', run: loraRun, out: join(scratch, 'refused'), ...options }))
      .rejects;

  it('is checked before anything is written', async () => {
    await refuse({ to: 'merge' }).toThrow(
      /--to merge: expected merged, sentence-transformers, peft, onnx, site; did you mean/,
    );
    await refuse({ precisions: ['f64'] }).toThrow(/--precision f64: --to merged takes f32, f16, bf16/);
    await refuse({ precisions: ['f32', 'bf16'] }).toThrow(/--to merged takes one/);
    await refuse({ to: 'onnx', precisions: ['bf16'] }).toThrow(/--to onnx takes f32, f16, int8/);
    await refuse({ to: 'peft', precisions: ['f32'] }).toThrow(/--precision does not go with --to peft/);
    await refuse({ measure: -1 }).toThrow(/--measure -1: expected a number of texts/);
    await refuse({ shardBytes: 0 }).toThrow(/--max-file-size 0: expected a number of GB above 0/);
    await refuse({ card: { licence: 'a b"' } }).toThrow(/--license a b": expected the hub's word for a licence/);
    await refuse({ card: { datasets: ['beir/scifact', ''] } }).toThrow(/--datasets "": expected ids of data sets/);
    await refuse({}, configOf({ training: { learningRate: 5e-4 } })).toThrow(/was trained with other settings/);
    expect(existsSync(join(scratch, 'refused'))).toBe(false);
  });

  it('ends cleanly when it is stopped', async () => {
    const before = readdirSync(scratch);
    const signal = AbortSignal.abort();
    await refuse({ signal }).toThrow(Interrupted);
    expect(readdirSync(scratch)).toEqual(before);
  });
});

describe('an unfinished run', () => {
  it('is exported with its best weights so far, and both its card and a warning say so', async () => {
    const run = join(scratch, 'stopped');
    cpSync(loraRun, run, { recursive: true });
    const record = readJson<object>(run, 'run.json');
    writeFileSync(join(run, 'run.json'), JSON.stringify({ ...record, state: 'started', ended: null }));
    const messages: MessageEvent[] = [];
    const { folder } = await exportModel(session, lora, {
      to: 'merged',
      run,
      measure: 0,
      onMessage: (message) => messages.push(message),
    });
    expect(messages.some(({ level, text }) => level === 'warning' && /is unfinished/.test(text))).toBe(true);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('**The training is unfinished: stopped at step');
  });

  it('is refused where it has no encoder yet', async () => {
    const run = join(scratch, 'empty');
    cpSync(loraRun, run, { recursive: true });
    rmSync(join(run, 'adapter'), { recursive: true });
    await expect(exportModel(session, lora, { to: 'merged', run })).rejects.toThrow(/has no encoder yet/);
  });

  it('is refused where its weights are damaged', async () => {
    const run = join(scratch, 'damaged');
    cpSync(loraRun, run, { recursive: true });
    const path = join(run, 'adapter', 'adapter_model.safetensors');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    await expect(exportModel(session, lora, { to: 'merged', run })).rejects.toThrow(
      /are not those that provenance.json/,
    );
  });
});

describe('the folder of an export', () => {
  const options = { to: 'merged', run: loraRun, measure: 0 };
  const out = join(scratch, 'exported');

  it('is replaced only when asked, and only where an export made it', async () => {
    await exportModel(session, lora, { ...options, out });
    await expect(exportModel(session, lora, { ...options, out })).rejects.toThrow(/replace it with --overwrite/);
    await exportModel(session, lora, { ...options, out, to: 'sentence-transformers', overwrite: true });
    expect(readJson(out, 'export.json')).toMatchObject({ target: 'sentence-transformers' });
    writeFileSync(join(out, 'notes.txt'), 'mine');
    await expect(exportModel(session, lora, { ...options, out, overwrite: true })).rejects.toThrow(
      /notes.txt is not of the export/,
    );
    expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('mine');
    const foreign = join(scratch, 'foreign');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'thesis.tex'), '');
    for (const overwrite of [false, true]) {
      await expect(exportModel(session, lora, { ...options, out: foreign, overwrite })).rejects.toThrow(
        /is not empty, and no export made it/,
      );
    }
    await expect(exportModel(session, lora, { ...options, out: loraRun, overwrite: true })).rejects.toThrow(UserError);
    expect(readdirSync(scratch).filter((name) => name.includes('partial'))).toEqual([]);
  });
});
