/** Weights inside of sessions, as other providers than the CPU's have them; here on the CPU, where all can run it. */
import * as tf from '@tensorflow/tfjs';
import * as ort from 'onnxruntime-node';
import { afterEach, describe, expect, it } from 'vitest';
import { type FrozenFeed, ProgramSessions } from '../../lib/engine/onnx/program-sessions.js';
import { trace } from '../../lib/engine/tracing/trace.js';
import type { InputSpec } from '../../lib/engine/types.js';

const input = (shape: InputSpec['shape']): InputSpec => ({ dtype: 'float32', shape });
const { bytes } = trace('scaled', ({ x, weight }) => ({ y: tf.mul(x as tf.Tensor, weight as tf.Tensor) }), {
  x: input(['rows', 2]),
  weight: input([2]),
});
const tensor = (...values: number[]): ort.Tensor => new ort.Tensor('float32', Float32Array.of(...values), [2]);
const weight = (resident: number, ...values: number[]): FrozenFeed => ({
  name: 'weight',
  resident,
  tensor: tensor(...values),
});
const x = new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]);

describe('ProgramSessions', () => {
  const sessions = new ProgramSessions(bytes, { threads: 1, providers: ['cpu'], waitsForWeights: false });
  afterEach(() => sessions.dispose());
  const result = async (frozen: FrozenFeed[], more: Record<string, ort.Tensor> = {}): Promise<number[]> => {
    const { y } = await (await sessions.with(frozen)).run({ x, ...more });
    return [...(y!.data as Float32Array)];
  };

  it('gives with a weight inside what it gives with the weight as an input', async () => {
    expect(await result([], { weight: tensor(10, 100) })).toEqual([10, 200, 30, 400]);
    expect(await result([weight(1, 10, 100)])).toEqual([10, 200, 30, 400]);
  });

  it('has a session for each set of weights, and the same for the same', async () => {
    expect(await result([weight(1, 10, 100)])).toEqual([10, 200, 30, 400]);
    expect(await result([weight(2, -1, 0)])).toEqual([-1, 0, -3, 0]);
    const first = await sessions.with([weight(1, 10, 100)]);
    expect(await sessions.with([weight(1, 10, 100)])).toBe(first);
    expect(await sessions.with([weight(2, -1, 0)])).not.toBe(first);
  });

  it('holds the weight as a constant, not as an input with a default', async () => {
    const inside = await sessions.with([weight(1, 10, 100)]);
    expect(inside.inputNames).toEqual(['x']);
    expect((await sessions.with([])).inputNames).toEqual(['x', 'weight']);
  });

  it('lets go of the sessions of released weights, and of no others', async () => {
    const [first, second] = [await sessions.with([weight(1, 1, 1)]), await sessions.with([weight(2, 2, 2)])];
    await sessions.release([1, 7]);
    expect(await sessions.with([weight(2, 2, 2)])).toBe(second);
    expect(await sessions.with([weight(1, 1, 1)])).not.toBe(first);
  });
});
