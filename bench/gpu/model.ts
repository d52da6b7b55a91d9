/** An encoder of the shape of Qwen2.5-0.5B with random weights: nothing to download, the same work. */

import { Random } from '../../lib/core/random.js';
import { createEncoder, type Encoder } from '../../lib/encoder/encoder.js';
import { initializeAdapter } from '../../lib/encoder/lora.js';
import type { DeviceTensor, Engine } from '../../lib/engine/types.js';
import { float32ToBfloat16 } from '../../lib/files/float-formats.js';
import { elementCount } from '../../lib/files/safetensors.js';
import type { ModelConfig } from '../../lib/models/architecture.js';
import type { BaseModel } from '../../lib/models/base-model.js';
import { EmbeddingTable } from '../../lib/models/embedding-table.js';
import { encoderTensorShapes, linearModules } from '../../lib/models/parameters.js';
import { PLAIN_TRANSFORMER } from '../../lib/models/sentence/sentence-use.js';
import { halfBillionWidth } from '../shapes.js';

/** Of the checkpoint, but for the vocabulary, whose size costs memory and no time. */
export const QWEN: ModelConfig = halfBillionWidth(24, 20_000);

export const ADAPTER = {
  rank: 16,
  alpha: 32,
  dropout: 0,
  targetModules: linearModules(QWEN).map(({ name }) => name),
  rankStabilized: false,
};

export async function randomEncoder(engine: Engine, config: ModelConfig): Promise<Encoder> {
  const base = await randomBase(engine, config);
  const tensors = initializeAdapter(ADAPTER, config, 1);
  // as after some steps; a new adapter has zeros here, which take as long
  for (const [name, { data }] of tensors) {
    if (name.endsWith('lora_B')) data.set(randomNumbers(data.length, 0.01));
  }
  return createEncoder(base, { plan: 'layerwise', adapter: { config: ADAPTER, tensors } });
}

async function randomBase(engine: Engine, config: ModelConfig): Promise<BaseModel> {
  const weights = new Map<string, DeviceTensor>();
  let parameterCount = config.vocabularySize * config.hiddenSize;
  for (const [name, shape] of encoderTensorShapes(config)) {
    const count = elementCount(shape);
    const data = /norm/.test(name)
      ? new Float32Array(count).fill(1)
      : randomNumbers(count, shape.length === 2 ? 1 / Math.sqrt(shape[1] as number) : 0.1);
    const tensor = engine.uploadBfloat16
      ? await engine.uploadBfloat16(shape, float32ToBfloat16(data))
      : await engine.upload({ dtype: 'float32', shape, data });
    weights.set(name, tensor);
    parameterCount += count;
  }
  const rows = float32ToBfloat16(randomNumbers(config.vocabularySize * config.hiddenSize, 0.02));
  return {
    folder: '',
    config,
    engine,
    table: new EmbeddingTable(config.vocabularySize, config.hiddenSize, 'BF16', rows),
    weights,
    sentence: PLAIN_TRANSFORMER,
    dense: new Map(),
    parameterCount,
    fingerprint: 'random',
    dispose: () => engine.release([...weights.values()]),
  };
}

const PERIOD = 1_000_003;
let pool: Float32Array | undefined;

/** A million random numbers over and over: drawing all of them would take longer than the measurement. */
function randomNumbers(count: number, spread: number): Float32Array {
  if (!pool) {
    const random = new Random(1, 'benchmark');
    pool = Float32Array.from({ length: PERIOD }, () => random.normal());
  }
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = (pool[i % PERIOD] as number) * spread;
  return out;
}
