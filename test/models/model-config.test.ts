import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import { readModelConfig } from '../../lib/models/model-config.js';

const qwen2 = fileURLToPath(new URL('../fixtures/qwen2/model-bf16', import.meta.url));
const qwen3 = fileURLToPath(new URL('../fixtures/encoder/qwen3-sharded', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'model-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const original = JSON.parse(readFileSync(join(qwen2, 'config.json'), 'utf8')) as Record<string, unknown>;

/** The folder of a model whose config.json has these fields changed; undefined takes one away. */
function changed(fields: Record<string, unknown>, base = original): string {
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...base, ...fields }));
  return folder;
}

async function refusal(path: string): Promise<string> {
  const error: unknown = await readModelConfig(path).catch((e) => e);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).not.toContain('\n');
  return (error as UserError).message;
}

describe('readModelConfig', () => {
  it('reads both generations of a Qwen2 file alike', async () => {
    const expected = {
      modelType: 'qwen2',
      hiddenSize: 64,
      intermediateSize: 176,
      layers: 3,
      attentionHeads: 4,
      keyValueHeads: 2,
      headDimension: 16,
      vocabularySize: 512,
      rmsNormEpsilon: 1e-6,
      ropeTheta: 1e6,
      attentionBias: true,
      queryKeyNorm: false,
      causal: true,
      maxPositions: 128,
      padTokenId: null,
    };
    expect(await readModelConfig(qwen2)).toEqual(expected);
    copyFileSync(join(qwen2, 'config.v4.json'), join(folder, 'config.json'));
    expect(await readModelConfig(folder)).toEqual(expected);
  });

  it('reads Qwen3, whose heads have a dimension of their own', async () => {
    expect(await readModelConfig(qwen3)).toMatchObject({
      modelType: 'qwen3',
      hiddenSize: 24,
      headDimension: 8,
      attentionBias: false,
      queryKeyNorm: true,
    });
    const silent = JSON.parse(readFileSync(join(qwen3, 'config.json'), 'utf8')) as Record<string, unknown>;
    expect((await readModelConfig(changed({ head_dim: undefined }, silent))).headDimension).toBe(128);
    expect(await refusal(changed({ attention_bias: true }, silent))).toContain('attention_bias = true');
  });

  it('knows encoders without the causal mask and padding tokens', async () => {
    expect(await readModelConfig(changed({ is_causal: false, pad_token_id: 5 }))).toMatchObject({
      causal: false,
      padTokenId: 5,
    });
  });

  it('refuses what it would compute wrongly, by name', async () => {
    const cases: [Record<string, unknown>, string][] = [
      [{ model_type: 't5' }, 'model_type = "t5" is not supported: expected qwen2'],
      [{ auto_map: { AutoModel: 'modeling.Own' } }, "auto_map asks for code of the model's own"],
      [{ hidden_act: 'gelu' }, 'hidden_act = "gelu"'],
      [{ rope_parameters: { rope_theta: 1e6, rope_type: 'yarn', factor: 4 } }, 'rope_parameters of type "yarn"'],
      [{ rope_scaling: { type: 'linear', factor: 2 } }, 'rope_scaling of type "linear"'],
      [{ rope_parameters: { rope_theta: 1e6, partial_rotary_factor: 0.5 } }, 'partial_rotary_factor = 0.5'],
      [{ use_sliding_window: true, sliding_window: 32, max_window_layers: 1, layer_types: undefined }, 'sliding'],
      [{ use_sliding_window: true, sliding_window: 32, layer_types: ['sliding_attention'] }, 'sliding'],
      [{ quantization_config: { quant_method: 'gptq' } }, 'quantization_config'],
    ];
    for (const [fields, expected] of cases) expect(await refusal(changed(fields))).toContain(expected);
  });

  it('refuses what the architectures of BERT would compute wrongly, by name', async () => {
    const bert = { model_type: 'bert', vocab_size: 9, hidden_size: 8, num_attention_heads: 2, intermediate_size: 8 };
    const cases: [Record<string, unknown>, string][] = [
      [{ hidden_act: 'tanh' }, 'hidden_act = "tanh" is not supported: expected gelu, '],
      [{ position_embedding_type: 'relative_key' }, 'position_embedding_type = "relative_key"'],
      [{ is_decoder: true }, 'is_decoder = true'],
      [{ num_attention_heads: 3 }, 'hidden_size = 8 is not a multiple of num_attention_heads = 3'],
      [{ model_type: 'roberta', max_position_embeddings: 2 }, 'leaves no position behind pad_token_id = 1'],
      [{ model_type: 'mpnet', relative_attention_num_buckets: 8 }, 'relative_attention_num_buckets = 8'],
      [{ model_type: 'modernbert', layer_types: ['full_attention'] }, 'layer_types has 1 entry for 3 layers'],
      [{ model_type: 'modernbert', num_attention_heads: 8 }, 'heads of dimension 1'],
    ];
    for (const [fields, expected] of cases) expect(await refusal(changed({ ...bert, ...fields }))).toContain(expected);
  });

  it('accepts a sliding window that no layer uses', async () => {
    const fields = { use_sliding_window: true, sliding_window: 32, max_window_layers: 3, layer_types: undefined };
    expect((await readModelConfig(changed(fields))).layers).toBe(3);
  });

  it('names a field that is missing or makes no sense', async () => {
    const cases: [Record<string, unknown>, string][] = [
      [{ hidden_size: undefined }, 'hidden_size'],
      [{ num_hidden_layers: 2.5 }, 'num_hidden_layers = 2.5'],
      [{ num_hidden_layers: 1e9 }, 'num_hidden_layers = 1000000000'],
      [{ hidden_size: 1e12 }, 'hidden_size = 1000000000000'],
      [{ vocab_size: '512' }, 'vocab_size = "512"'],
      [{ num_attention_heads: 3, num_key_value_heads: 3 }, 'num_attention_heads 3'],
      [{ num_key_value_heads: 3 }, 'not a multiple of num_key_value_heads = 3'],
      [{ rope_parameters: undefined }, 'rope_theta'],
    ];
    for (const [fields, expected] of cases) expect(await refusal(changed(fields))).toContain(expected);
  });

  it('says what a folder lacks', async () => {
    expect(await refusal(join(folder, 'absent'))).toContain('is not a folder');
    expect(await refusal(tmpdir())).toContain('config.json (ENOENT)');
    writeFileSync(join(folder, 'config.json'), '{"model_type": ');
    expect(await refusal(folder)).toContain("can't be read as JSON");
    writeFileSync(join(folder, 'config.json'), '{}');
    expect(await refusal(folder)).toContain('model_type');
  });
});
