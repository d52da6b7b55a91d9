/**
 * An adapter whose modules differ in rank and strength, or that is on some layers only, as one of a single rank and
 * strength on all layers, which computes the same. Missing rows of A and columns of B are zero: neither gets a gradient
 * while the other is zero, so that training leaves them so. Another strength is moved into B.
 */
import type { AdaptedModule } from './adapter-matching.js';

type Matrices = Map<string, { shape: number[]; data: Float32Array }>;

/**
 * @param shapes of the uniform adapter, in the order of the forward pass: `….lora_A` [rank, in], `….lora_B` [out, rank]
 * @param tensors of the given one  @param scale of the uniform adapter
 */
export function uniformAdapter(
  shapes: ReadonlyMap<string, number[]>,
  tensors: Matrices,
  modules: ReadonlyMap<string, AdaptedModule>,
  scale: number,
): Matrices {
  const uniform: Matrices = new Map();
  for (const [name, shape] of shapes) {
    const module = modules.get(name.slice(0, name.lastIndexOf('.')));
    const given = tensors.get(name);
    const length = shape.reduce((product, size) => product * size, 1);
    if (!module || !given) uniform.set(name, { shape, data: new Float32Array(length) });
    else if (name.endsWith('.lora_A')) uniform.set(name, { shape, data: padded(given.data, length) });
    else uniform.set(name, { shape, data: widened(given, shape, module.scale / scale) });
  }
  return uniform;
}

function padded(data: Float32Array, length: number): Float32Array {
  if (data.length === length) return data;
  const out = new Float32Array(length);
  out.set(data);
  return out;
}

/** Columns of zeros at the end, and a factor on the others. */
function widened(
  { shape: [rows, columns], data }: { shape: number[]; data: Float32Array },
  shape: number[],
  factor: number,
): Float32Array {
  const [outputs, rank] = shape as [number, number];
  if (columns === rank && factor === 1) return data;
  const out = new Float32Array(outputs * rank);
  for (let i = 0; i < (rows as number); i++) {
    for (let j = 0; j < (columns as number); j++)
      out[i * rank + j] = factor * (data[i * (columns as number) + j] as number);
  }
  return out;
}
