/**
 * The trainable part: low-rank adapters on linear modules (Hu et al., 2021, arXiv:2106.09685), initialised as PEFT does,
 * so that an untrained adapter changes nothing: A uniform as torch.nn.Linear, B zero.
 */
import { UserError } from '../core/errors.js';
import { Random } from '../core/random.js';
import type { TensorData } from '../engine/types.js';
import type { ModelConfig } from '../models/architecture.js';
import { layerPrefix, modulesNamed } from '../models/parameters.js';
import type { AdapterConfig } from './adapter-config.js';
import type { ParameterMap } from './parameter-map.js';

/** Factor on what the adapters add: alpha / rank, or alpha / sqrt(rank) (Kalajdzievski, 2023, arXiv:2312.03732). */
export function adapterScale({ alpha, rank, rankStabilized }: AdapterConfig): number {
  return rankStabilized ? alpha / Math.sqrt(rank) : alpha / rank;
}

/** New adapters for every layer: lora_A [rank, in] uniform in +-1/sqrt(in), lora_B [out, rank] zero. */
export function initializeAdapter(adapter: AdapterConfig, config: ModelConfig, seed: number): ParameterMap {
  const tensors: ParameterMap = new Map();
  for (let layer = 0; layer < config.layers; layer++) {
    for (const { path, outputs, inputs } of modulesNamed(adapter.targetModules, config)) {
      const name = `${layerPrefix(config, layer)}${path}`;
      const random = new Random(seed, 'adapter', name);
      const bound = 1 / Math.sqrt(inputs);
      const down = Float32Array.from({ length: adapter.rank * inputs }, () => (2 * random.uniform() - 1) * bound);
      tensors.set(`${name}.lora_A`, { shape: [adapter.rank, inputs], data: down });
      tensors.set(`${name}.lora_B`, { shape: [outputs, adapter.rank], data: new Float32Array(outputs * adapter.rank) });
    }
  }
  return tensors;
}

/** Whether a parameter, by its name, is the one of an adapter that starts from zero. */
export const isUp = (name: string): boolean => name.endsWith('.lora_B');

/** Whether parameters are adapters that change nothing, as new ones: lora_B is zero. */
export function addsNothing(parameters: ParameterMap): boolean {
  const ups = [...parameters].filter(([name]) => isUp(name));
  return ups.length > 0 && ups.every(([, { data }]) => data.every((value) => value === 0));
}

/** Linear modules that get a dropout mask while training, with the width of their input. */
export function dropoutModules(adapter: AdapterConfig, config: ModelConfig): Map<string, number> {
  const widths = new Map<string, number>();
  if (adapter.dropout === 0) return widths;
  for (let layer = 0; layer < config.layers; layer++) {
    for (const { path, inputs } of modulesNamed(adapter.targetModules, config)) {
      widths.set(`${layerPrefix(config, layer)}${path}`, inputs);
    }
  }
  return widths;
}

/**
 * Dropout masks for one batch of `rows` tokens: 0 with probability p, else 1 / (1 - p). The same labels give the same
 * masks, so a second forward pass of a batch sees what the first saw.
 */
export function dropoutMasks(
  modules: Map<string, number>,
  probability: number,
  rows: number,
  seed: number,
  labels: (string | number)[],
): Record<string, TensorData> {
  if (probability < 0 || probability >= 1) {
    throw new UserError(`encoder.lora.dropout = ${probability}: expected a probability of at least 0 and below 1`);
  }
  const masks: Record<string, TensorData> = {};
  for (const [name, width] of modules) {
    const random = new Random(seed, 'dropout', name, ...labels);
    const kept = 1 / (1 - probability);
    // a plain loop: at full size a batch takes hundreds of millions of numbers, and Float32Array.from is much slower
    const data = new Float32Array(rows * width);
    for (let i = 0; i < data.length; i++) data[i] = random.uniform() < probability ? 0 : kept;
    masks[`${name}.dropout`] = { dtype: 'float32', shape: [rows, width], data };
  }
  return masks;
}
