/**
 * Model folders of random weights in bfloat16, as transformers saves them, for measurements that need the size of a
 * model and not its knowledge. Both sides of a comparison load the same folder.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../lib/core/random.js';
import { float32ToBfloat16 } from '../lib/files/float-formats.js';
import { elementCount, type SafetensorsTensor, writeSafetensors } from '../lib/files/safetensors.js';
import type { QwenConfig } from '../lib/models/architectures/qwen-config.js';
import { encoderTensorShapes, tokenTableName } from '../lib/models/parameters.js';

/** Drawn once and read from shifting places: half a billion numbers of their own would take longer than the measurement. */
const POOL = 2 ** 20;

/** The folder of a random model, made on first use. @returns its path */
export async function randomModelFolder(parent: string, model: QwenConfig): Promise<string> {
  const folder = join(parent, `random-${model.hiddenSize}x${model.layers}-${model.vocabularySize}`);
  if (existsSync(join(folder, 'config.json'))) return folder;
  mkdirSync(folder, { recursive: true });
  const random = new Random(1, 'weights');
  const pool = Float32Array.from({ length: POOL }, () => random.normal());
  const shapes = new Map([
    [tokenTableName(model), [model.vocabularySize, model.hiddenSize]],
    ...encoderTensorShapes(model),
  ]);
  const tensors: Record<string, SafetensorsTensor> = {};
  for (const [name, shape] of shapes) {
    const data = float32ToBfloat16(values(name, elementCount(shape), shape.at(-1) as number));
    tensors[name] = { dtype: 'BF16', shape, data };
  }
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, { format: 'pt' });
  // last, since its presence says that the folder is complete
  writeFileSync(join(folder, 'config.json'), `${JSON.stringify(configFile(model), null, 2)}\n`);
  return folder;

  function values(name: string, count: number, inputs: number): Float32Array {
    if (name.includes('norm')) return new Float32Array(count).fill(1);
    const spread = name.startsWith('embed') ? 0.02 : 1 / Math.sqrt(inputs);
    const start = random.integer(POOL);
    const out = new Float32Array(count);
    for (let i = 0; i < count; i++) out[i] = spread * (pool[(start + i) % POOL] as number);
    return out;
  }
}

function configFile(model: QwenConfig): Record<string, unknown> {
  return {
    architectures: ['Qwen2Model'],
    model_type: model.modelType,
    hidden_size: model.hiddenSize,
    intermediate_size: model.intermediateSize,
    num_hidden_layers: model.layers,
    num_attention_heads: model.attentionHeads,
    num_key_value_heads: model.keyValueHeads,
    vocab_size: model.vocabularySize,
    max_position_embeddings: model.maxPositions,
    rms_norm_eps: model.rmsNormEpsilon,
    rope_theta: model.ropeTheta,
    hidden_act: 'silu',
    tie_word_embeddings: true,
    torch_dtype: 'bfloat16',
    use_cache: false,
  };
}
