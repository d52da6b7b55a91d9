import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from '@huggingface/transformers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transformersModel } from '../../../lib/retrieval/systems/transformers.js';
import { ROWS, writeTinyModel } from './tiny-onnx-model.js';

const POOLING = 'sentence_transformers.models.Pooling';
const modules = [
  { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
  { idx: 1, name: '1', path: '1_Pooling', type: POOLING },
];
const texts = ['dark matter', 'graph theory of dark matter', 'theory'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tiny-model-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function embed(kind: 'query' | 'document' = 'document', input = texts): Promise<number[]> {
  const model = await transformersModel(folder);
  try {
    return Array.from(await model.embed(input, kind));
  } finally {
    await model.dispose();
  }
}
const pooled = (mode: string) => ({
  'modules.json': modules,
  '1_Pooling/config.json': { word_embedding_dimension: 3, [`pooling_mode_${mode}`]: true, include_prompt: true },
});

describe('pooling', () => {
  it.each([
    ['mean_tokens', 'mean'],
    ['cls_token', 'cls'],
  ] as const)('%s gives what the library itself gives', async (mode, theirs) => {
    writeTinyModel(folder, pooled(mode));
    const extractor = await pipeline('feature-extraction', folder, { local_files_only: true, dtype: 'fp32' });
    const expected = await extractor(texts, { pooling: theirs });
    expect(await embed()).toEqual(Array.from(expected.data as Float32Array));
    await extractor.dispose();
  });

  it('lasttoken takes the last token that is no padding', async () => {
    writeTinyModel(folder, pooled('lasttoken'));
    const [matter, theory] = [ROWS[3]!, ROWS[5]!];
    expect(await embed()).toEqual([...matter, ...matter, ...theory]);
  });

  it('is the mean where the model does not say', async () => {
    writeTinyModel(folder);
    expect((await embed()).slice(0, 3)).toEqual([0.5, 1, 0.375]);
  });

  it('that is not supported, and steps that are not, are errors', async () => {
    writeTinyModel(folder, pooled('max_tokens'));
    await expect(transformersModel(folder)).rejects.toThrow(
      /pooling max is not supported; export it into the ONNX model/,
    );
    const dense = [...modules, { idx: 2, name: '2', path: '2_Dense', type: 'sentence_transformers.models.Dense' }];
    writeTinyModel(folder, { ...pooled('mean_tokens'), 'modules.json': dense });
    await expect(transformersModel(folder)).rejects.toThrow(/2_Dense/);
  });
});

describe('prompts, limits and case', () => {
  it('are honoured, each kind of text with its own', async () => {
    writeTinyModel(folder, {
      ...pooled('cls_token'),
      'config_sentence_transformers.json': { prompts: { query: 'graph ', passage: 'theory ' } },
    });
    expect((await embed('query')).slice(0, 3)).toEqual(ROWS[4]);
    expect((await embed('document')).slice(0, 3)).toEqual(ROWS[5]);
  });

  it('a default prompt serves both', async () => {
    const config = { prompts: { usual: 'graph ' }, default_prompt_name: 'usual' };
    writeTinyModel(folder, { ...pooled('cls_token'), 'config_sentence_transformers.json': config });
    expect((await embed('query')).slice(0, 3)).toEqual(ROWS[4]);
    expect((await embed('document')).slice(0, 3)).toEqual(ROWS[4]);
  });

  it('max_seq_length cuts, do_lower_case lowers', async () => {
    const limits = { max_seq_length: 2, do_lower_case: true };
    writeTinyModel(folder, { ...pooled('lasttoken'), 'sentence_bert_config.json': limits });
    expect((await embed('query', ['DARK Matter theory'])).slice(0, 3)).toEqual(ROWS[3]);
  });
});

describe('fingerprints', () => {
  it('change with content and use, not with place', async () => {
    writeTinyModel(folder);
    const fingerprint = async (): Promise<string> => (await transformersModel(folder)).fingerprint;
    const plain = await fingerprint();
    expect(await fingerprint()).toBe(plain);
    writeTinyModel(folder, { 'config_sentence_transformers.json': { prompts: { query: 'graph ' } } });
    expect(await fingerprint()).not.toBe(plain);
  });
});

describe('what is no model', () => {
  it('is an error that says what is missing', async () => {
    await expect(transformersModel(folder)).rejects.toThrow(/has no onnx\/model\.onnx/);
    await expect(transformersModel('not a model')).rejects.toThrow(/neither a system nor a folder here nor a hub id/);
  });
});
