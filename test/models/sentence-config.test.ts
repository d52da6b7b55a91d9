import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { readSentenceConfig } from '../../lib/models/sentence/sentence-config.js';
import { limitTokens, PLAIN_TRANSFORMER, sentenceUse } from '../../lib/models/sentence/sentence-use.js';

const root = mkdtempSync(join(tmpdir(), 'sentence-config-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder: string;
let count = 0;
beforeEach(() => {
  folder = join(root, String(count++));
  mkdirSync(folder);
});

function write(files: Record<string, unknown>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), JSON.stringify(content));
  }
}

const step = (name: string, path: string, old = true) => ({
  path,
  type: old
    ? `sentence_transformers.models.${name}`
    : `sentence_transformers.base.modules.${name.toLowerCase()}.${name}`,
});
const modules = (...names: string[]) =>
  names.map((name, i) => step(name, name === 'Transformer' ? '' : `${i}_${name}`));
const refusal = async (files: Record<string, unknown>): Promise<string> => {
  write(files);
  return readSentenceConfig(folder).then(
    () => 'no error',
    (error: Error) => error.message,
  );
};

describe('a folder of sentence-transformers', () => {
  it('that has no word of its use is a plain transformer', async () => {
    write({ 'tokenizer_config.json': { model_max_length: 512 } });
    expect(await readSentenceConfig(folder)).toEqual(PLAIN_TRANSFORMER);
  });

  it.each([
    [{ pooling_mode: 'lasttoken' }, 'last'],
    [{ pooling_mode: ['cls'] }, 'cls'],
    [{ pooling_mode_mean_tokens: false, pooling_mode_cls_token: true }, 'cls'],
    [{ pooling_mode_max_tokens: true }, 'max'],
    [{ pooling_mode_weightedmean_tokens: true }, 'weighted_mean'],
    [{ pooling_mode_mean_sqrt_len_tokens: true }, 'mean_sqrt_len'],
    // as sentence-transformers reads flags that are all down
    [{ pooling_mode_mean_tokens: false }, 'mean'],
  ])('pools as %o says', async (pooling, expected) => {
    write({ 'modules.json': modules('Transformer', 'Pooling'), '1_Pooling/config.json': pooling });
    expect(await readSentenceConfig(folder)).toMatchObject({ described: true, pooling: expected, normalize: false });
  });

  it('of either generation says steps, prompts, lengths and similarity', async () => {
    write({
      'modules.json': [
        step('Transformer', '', false),
        step('Pooling', '1_Pooling', false),
        step('Dense', '2_Dense', false),
        step('Normalize', '3_Normalize', false),
      ],
      '1_Pooling/config.json': { embedding_dimension: 8, pooling_mode: 'mean', include_prompt: true },
      '2_Dense/config.json': {
        in_features: 8,
        out_features: 4,
        bias: false,
        activation_function: 'torch.nn.modules.linear.Identity',
      },
      'config_sentence_transformers.json': {
        prompts: { query: 'query: ', passage: 'passage: ', topic: 'topic: ' },
        default_prompt_name: 'topic',
        similarity_fn_name: 'dot',
      },
      'sentence_bert_config.json': { transformer_task: 'feature-extraction' },
      'tokenizer_config.json': { model_max_length: 100 },
    });
    expect(await readSentenceConfig(folder)).toEqual({
      described: true,
      pooling: 'mean',
      includePrompt: true,
      dense: [{ path: '2_Dense', inputs: 8, outputs: 4, bias: false, activation: 'Identity' }],
      normalize: true,
      prompts: { query: 'query: ', document: 'passage: ' },
      defaultPrompt: 'topic: ',
      namedPrompts: { query: 'query: ', passage: 'passage: ', topic: 'topic: ' },
      maxTokens: 100,
      lowerCase: false,
      similarity: 'dot',
    });
  });

  it('takes the length of the older file, and no limit from a tokenizer without one', async () => {
    write({ 'modules.json': modules('Transformer'), 'sentence_roberta_config.json': { max_seq_length: 75 } });
    expect((await readSentenceConfig(folder)).maxTokens).toBe(75);
    rmSync(join(folder, 'sentence_roberta_config.json'));
    write({ 'tokenizer_config.json': { model_max_length: 1e30 } });
    expect((await readSentenceConfig(folder)).maxTokens).toBe(null);
  });

  it('is refused with an adapter beside its weights, which others would load too', async () => {
    expect(await refusal({ 'adapter_config.json': { peft_type: 'LORA' } })).toContain(
      'has an adapter (adapter_config.json) beside its weights',
    );
  });

  it('is refused by name where it asks for what is not computed', async () => {
    const pooled = { 'modules.json': modules('Transformer', 'Pooling') };
    const dense = { 'modules.json': modules('Transformer', 'Pooling', 'Dense'), '1_Pooling/config.json': {} };
    const layer = { in_features: 4, out_features: 4 };
    expect(await refusal({ 'modules.json': modules('Transformer', 'CNN') })).toContain('the step "CNN"');
    expect(await refusal({ 'modules.json': modules('Transformer', 'Normalize', 'Pooling') })).toContain(
      'Pooling after Normalize',
    );
    expect(await refusal({ 'modules.json': [step('Transformer', '../other')] })).toContain('the path "../other"');
    expect(await refusal(pooled)).toContain('1_Pooling/config.json is missing');
    expect(await refusal({ ...pooled, '1_Pooling/config.json': { pooling_mode: ['cls', 'mean'] } })).toContain(
      'pooling cls + mean is not supported',
    );
    expect(await refusal({ ...dense, '2_Dense/config.json': { ...layer, use_residual: true } })).toContain(
      'use_residual = true',
    );
    expect(
      await refusal({ ...dense, '2_Dense/config.json': { ...layer, activation_function: 'torch.nn.GELU' } }),
    ).toContain('activation_function = "torch.nn.GELU"');
    expect(await refusal({ 'modules.json': [], 'sentence_bert_config.json': { query_length: 32 } })).toContain(
      'query_length = 32',
    );
  });

  it.each([
    ['modules.json', [{ path: '', type: 'custom_st.Transformer' }], 'the step "custom_st.Transformer", which is code'],
    [
      'config_sentence_transformers.json',
      { prompts: { query: 'q: ' }, default_prompt_name: 'qery' },
      'prompts (query)',
    ],
    ['config_sentence_transformers.json', { default_prompt_name: 'constructor' }, 'it has none'],
    ['config_sentence_transformers.json', { model_type: 'SparseEncoder' }, 'model_type = "SparseEncoder"'],
    ['1_Pooling/config.json', { pooling_mode_cls_token: 1 }, 'pooling_mode_cls_token = 1'],
    ['1_Pooling/config.json', { pooling_mode_cls_token: 'true' }, 'pooling_mode_cls_token = "true"'],
    ['tokenizer_config.json', { model_max_length: 512.5 }, 'model_max_length = 512.5: expected a whole number'],
    ['tokenizer_config.json', { model_max_length: -1 }, 'model_max_length = -1'],
  ])('with a %s of %j is not read as if it said something else', async (name, content, message) => {
    const whole = { 'modules.json': modules('Transformer', 'Pooling'), '1_Pooling/config.json': {} };
    expect(await refusal(whole)).toBe('no error');
    expect(await refusal({ ...whole, [name]: content })).toContain(message);
  });
});

describe('how an encoder is used', () => {
  const auto = {
    pooling: 'auto',
    queryPrompt: null,
    documentPrompt: null,
    maxTokens: null,
    similarity: 'auto',
  } as const;
  const asked = { ...PLAIN_TRANSFORMER, described: true, pooling: 'cls', maxTokens: 64 } as const;
  const prompts = { query: 'q: ', document: 'd: ' };

  it('is what its folder says, but for settings given by hand', () => {
    const use = sentenceUse(auto, { ...asked, prompts });
    expect(use).toEqual({ pooling: 'cls', prompts, maxTokens: 64, lowerCase: false });
    expect([limitTokens(512, use), limitTokens(32, use)]).toEqual([64, 32]);
    const byHand = { ...auto, pooling: 'last', queryPrompt: '', documentPrompt: 'D ', maxTokens: 512 } as const;
    expect(sentenceUse(byHand, { ...asked, prompts })).toEqual({
      pooling: 'last',
      prompts: { query: '', document: 'D ' },
      maxTokens: 512,
      lowerCase: false,
    });
  });

  it('is refused where vectors would be compared by something else, unless that is asked for', () => {
    expect(() => sentenceUse(auto, { ...asked, similarity: 'dot' })).toThrow('the similarity "dot"');
    expect(sentenceUse(auto, { ...asked, similarity: 'dot', normalize: true }).pooling).toBe('cls');
    expect(sentenceUse({ ...auto, similarity: 'cosine' }, { ...asked, similarity: 'dot' }).pooling).toBe('cls');
  });

  it('is refused where a prompt would have to be left out of the pooling', () => {
    const without = { ...asked, includePrompt: false, prompts };
    expect(() => sentenceUse(auto, without)).toThrow('include_prompt = false');
    expect(sentenceUse({ ...auto, queryPrompt: '', documentPrompt: '' }, without).pooling).toBe('cls');
  });
});
