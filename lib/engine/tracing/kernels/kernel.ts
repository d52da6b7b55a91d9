/**
 * The form of a kernel of the tracing backend: from the descriptions of its inputs to those of its outputs, adding nodes
 * to the graph on the way. A new kernel is an entry in one of the tables of this folder, under the name that tfjs calls
 * it by; its gradient comes from tfjs and needs only that the kernels it calls are here too.
 */
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs';
import type { Recorder } from '../recorder.js';

export type KernelInputs = Record<string, TensorInfo>;
export type TracedKernel = (
  recorder: Recorder,
  inputs: KernelInputs,
  attributes: NamedAttrMap,
) => TensorInfo | TensorInfo[];
export type KernelTable = Record<string, TracedKernel>;

/** The input of that name; tfjs guarantees that it is there. */
export function input(inputs: KernelInputs, name: string): TensorInfo {
  return inputs[name] as TensorInfo;
}

/** The shape that two operands broadcast to, aligned at the last dimension. */
export function broadcastShape(a: number[], b: number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new Error(`shapes [${a}] and [${b}] do not broadcast`);
    return x === 1 ? y : x;
  });
}
