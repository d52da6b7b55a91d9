/**
 * Weights as transformers saves them: `model.safetensors`, or shards with `model.safetensors.index.json` where one file
 * would be too large. One tensor is in memory at a time.
 */
import { join } from 'node:path';
import { UserError } from '../core/errors.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { float32ToBfloat16, float32ToFloat16 } from '../files/float-formats.js';
import { elementCount, safetensorsHeader } from '../files/safetensors.js';
import type { EncoderTensor } from '../models/weights.js';
import type { WeightType } from './transformer-files.js';

/** As transformers does. */
export const SHARD_BYTES = 5e9;

const STORED = {
  f32: { dtype: 'F32', bytes: 4, convert: (data: Float32Array) => data },
  f16: { dtype: 'F16', bytes: 2, convert: float32ToFloat16 },
  bf16: { dtype: 'BF16', bytes: 2, convert: float32ToBfloat16 },
} as const;

interface PlannedTensor {
  name: string;
  shape: number[];
  bytes: number;
}

/**
 * @param shapes of all tensors, in the order in which `weights` gives them
 * @returns names of the files of weights, and their bytes together
 * @throws UserError for a number that float16 does not hold
 */
export async function writeWeights(
  folder: string,
  weights: AsyncIterable<EncoderTensor>,
  shapes: ReadonlyMap<string, number[]>,
  { type, shardBytes }: { type: WeightType; shardBytes: number },
): Promise<{ files: string[]; bytes: number }> {
  const stored = STORED[type];
  const tensors = [...shapes].map(([name, shape]) => ({ name, shape, bytes: elementCount(shape) * stored.bytes }));
  const shards = planShards(tensors, shardBytes);
  const names = shards.map((_, i) => shardName(i, shards.length));
  const source = weights[Symbol.asyncIterator]();
  const next = async ({ name }: PlannedTensor): Promise<Uint8Array> => {
    const { value } = await source.next();
    if (!value || value.name !== name) throw new Error(`the weight ${value?.name} came where ${name} was due`);
    const data = stored.convert(value.data);
    if (type === 'f16') checkRange(value, data as Uint16Array);
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  };
  try {
    for (const [i, shard] of shards.entries()) {
      const pieces = async function* (): AsyncGenerator<Uint8Array> {
        const described = shard.map((tensor) => ({ ...tensor, dtype: stored.dtype }));
        yield safetensorsHeader(described, { format: 'pt' });
        for (const tensor of shard) yield await next(tensor);
      };
      await writeFileAtomic(join(folder, names[i] as string), pieces());
    }
  } finally {
    await source.return?.();
  }
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  if (shards.length > 1) {
    const places = shards.flatMap((shard, i) => shard.map(({ name }) => [name, names[i]]));
    const index = { metadata: { total_size: bytes }, weight_map: Object.fromEntries(places.sort()) };
    await writeFileAtomic(join(folder, 'model.safetensors.index.json'), `${JSON.stringify(index, null, 2)}\n`);
  }
  return { files: names, bytes };
}

/** In their order, as many in a file as fit; one that is larger by itself has a file of its own. */
function planShards(tensors: readonly PlannedTensor[], limit: number): PlannedTensor[][] {
  const shards: PlannedTensor[][] = [];
  let room = 0;
  for (const tensor of tensors) {
    if (shards.length === 0 || tensor.bytes > room) {
      shards.push([]);
      room = limit;
    }
    shards.at(-1)?.push(tensor);
    room -= tensor.bytes;
  }
  return shards;
}

function shardName(index: number, count: number): string {
  if (count === 1) return 'model.safetensors';
  const number = (value: number): string => String(value).padStart(5, '0');
  return `model-${number(index + 1)}-of-${number(count)}.safetensors`;
}

/** 16-bit floats end at 65,504; beyond it is infinity. */
function checkRange({ name, data }: EncoderTensor, bits: Uint16Array): void {
  const place = bits.findIndex((value, i) => (value & 0x7fff) === 0x7c00 && Number.isFinite(data[i]));
  if (place >= 0) {
    throw new UserError(`${name} holds ${data[place]}, more than f16 can: export with --precision bf16 or f32`);
  }
}
