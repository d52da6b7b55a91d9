/** The ONNX files give what the encoder gives: every architecture and pooling, in all precisions, within what rounding costs. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportModel } from '../../lib/export/export-model.js';
import { POOLING_NAMES, type PoolingName } from '../../lib/models/pooling.js';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';
import {
  ARCHITECTURES,
  adapterFolder,
  configOf,
  encoded,
  largestDifference,
  modelFolder,
  readJson,
  TEXTS,
  workplace,
} from './models.js';

const { root, results, engine } = workplace('onnx');

/** As any runtime would use the file, padded on a side of one's choice. */
async function run(file: string, tokenizerFolder: string, side: 'left' | 'right' = 'right') {
  const tokenizer = await loadTokenizer(tokenizerFolder);
  const texts = TEXTS.map((text) => tokenizer.encode(text));
  const sequence = Math.max(...texts.map(({ length }) => length));
  const ids = new BigInt64Array(texts.length * sequence).fill(BigInt(tokenizer.padTokenId));
  const mask = new BigInt64Array(texts.length * sequence);
  texts.forEach((text, row) => {
    const start = row * sequence + (side === 'left' ? sequence - text.length : 0);
    ids.set(Array.from(text, BigInt), start);
    mask.fill(1n, start, start + text.length);
  });
  const dims = [texts.length, sequence];
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1 });
  try {
    expect(session.inputNames).toEqual(['input_ids', 'attention_mask']);
    const { sentence_embedding, last_hidden_state } = await session.run({
      input_ids: new ort.Tensor('int64', ids, dims),
      attention_mask: new ort.Tensor('int64', mask, dims),
    });
    return {
      embeddings: sentence_embedding!.data as Float32Array,
      hidden: last_hidden_state!,
      dims: sentence_embedding!.dims,
    };
  } finally {
    await session.release();
  }
}

describe.each(ARCHITECTURES)('%s', (name) => {
  let model: string;
  let adapter: string;
  beforeAll(async () => {
    model = await modelFolder(name, join(root, name));
    adapter = await adapterFolder(model, join(root, `${name}-adapter`));
  });

  it('gives what encode gives with an adapter, lighter files within what they round', async () => {
    const out = join(root, `${name}-onnx`);
    const made = await exportModel(results, configOf(model, { adapter }), { to: 'onnx', out });
    expect(made.variants.map(({ precision }) => precision)).toEqual(['f32', 'f16', 'int8']);
    const expected = await encoded(engine, model, { adapter });
    const limits = { model: 1e-5, model_fp16: 1e-2, model_quantized: 0.1 };
    for (const [file, limit] of Object.entries(limits)) {
      const { embeddings, hidden, dims } = await run(join(out, 'onnx', `${file}.onnx`), out);
      expect(largestDifference(embeddings, expected), file).toBeLessThan(limit);
      expect(hidden.dims.slice(0, 1)).toEqual(dims.slice(0, 1));
    }
  });

  it.each(POOLING_NAMES)('pools by %s, with weights in a file of their own', async (pooling: PoolingName) => {
    const out = join(root, `${name}-${pooling}`);
    const options = { to: 'onnx', out, precisions: ['f32'], shardBytes: 1000 };
    await exportModel(results, configOf(model, { pooling }), options);
    expect(existsSync(join(out, 'onnx', 'model.onnx_data'))).toBe(true);
    expect(readJson(out, 'config.json')).toMatchObject({
      'transformers.js_config': { use_external_data_format: { 'model.onnx': true } },
    });
    const expected = await encoded(engine, model, { pooling });
    const file = join(out, 'onnx', 'model.onnx');
    expect(largestDifference((await run(file, out)).embeddings, expected)).toBeLessThan(1e-5);
    if (!name.startsWith('qwen') && name !== 'modernbert') return;
    expect(largestDifference((await run(file, out, 'left')).embeddings, expected)).toBeLessThan(1e-5);
  });
});

it('has the attention that was asked for, whatever config.json can say', async () => {
  for (const [name, attention] of [
    ['qwen2', 'bidirectional'],
    ['bert', 'causal'],
  ] as const) {
    const model = await modelFolder(name, join(root, `${name}-${attention}`));
    const out = join(root, `${name}-${attention}-onnx`);
    await exportModel(results, configOf(model, { attention }), { to: 'onnx', out, precisions: ['f32'] });
    const expected = await encoded(engine, model, { attention });
    expect(largestDifference((await run(join(out, 'onnx/model.onnx'), out)).embeddings, expected)).toBeLessThan(1e-5);
  }
});

it('makes the same bytes of the same model', async () => {
  const model = await modelFolder('bert', join(root, 'bert-twice'));
  const bytes = [];
  for (const out of [join(root, 'twice-a'), join(root, 'twice-b')]) {
    await exportModel(results, configOf(model), { to: 'onnx', out });
    bytes.push(readFileSync(join(out, 'export.json'), 'utf8'));
  }
  expect(bytes[0]).toBe(bytes[1]);
});
