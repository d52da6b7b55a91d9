/** Every kernel of the tracing backend against tfjs' own CPU backend, forward and gradient, over random shapes. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { KERNELS } from '../../lib/engine/tracing/kernels/index.js';
import type { Engine, InputSpec, TensorData, TensorFunction } from '../../lib/engine/types.js';
import { OPERATIONS, type Operation, randomValues } from './operations.js';

const CASES = 4;
let engine: Engine;
beforeAll(() => {
  engine = createOnnxEngine({ threads: 1 });
});
afterAll(() => engine.close());

/** Runs fn on both sides and returns what each gives. */
async function both(fn: TensorFunction, inputs: Record<string, TensorData>) {
  const specs = Object.fromEntries(
    Object.entries(inputs).map(([name, { dtype, shape }]): [string, InputSpec] => [name, { dtype, shape }]),
  );
  const program = await engine.compile('test', fn, specs);
  const traced = (await program.run(inputs)).data;
  await program.dispose();
  tf.setBackend('cpu');
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([name, { data, shape, dtype }]) => [name, tf.tensor(data, shape, dtype)]),
  );
  const eager = Object.entries(fn(tensors)).map(([name, tensor]) => ({
    name,
    shape: tensor.shape,
    values: [...tensor.dataSync()],
  }));
  return eager.map(({ name, shape, values }) => ({ name, shape, eager: values, traced: traced[name] as TensorData }));
}

function drawInputs(operation: Operation, random: Random): Record<string, TensorData> {
  return Object.fromEntries(
    operation
      .shapes(random)
      .map((shape, i): [string, TensorData] => [
        `x${i}`,
        { dtype: 'float32', shape, data: randomValues(random, shape, operation.range) },
      ]),
  );
}

function expectClose(actual: ArrayLike<number>, expected: number[], tolerance: number): void {
  const scale = Math.max(1, ...expected.map(Math.abs));
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs((actual[i] as number) - value), `element ${i}: ${actual[i]} against ${value}`).toBeLessThanOrEqual(
      tolerance * scale,
    );
  });
}

const weighted = (operation: Operation, weights: tf.Tensor, inputs: tf.Tensor[]): tf.Scalar =>
  tf.sum(tf.mul(operation.apply(...inputs), weights)) as tf.Scalar;

describe('traced kernels', () => {
  it('are all reached by the operations of this test', () => {
    const covered = new Set(OPERATIONS.flatMap((operation) => operation.kernels));
    expect(Object.keys(KERNELS).filter((kernel) => !covered.has(kernel))).toEqual([]);
  });

  for (const operation of OPERATIONS) {
    it(`${operation.name} computes what the CPU backend computes`, async () => {
      const random = new Random(1, operation.name);
      for (let i = 0; i < CASES; i++) {
        const inputs = drawInputs(operation, random);
        const names = Object.keys(inputs);
        const outputs = await both(
          (t) => ({ y: operation.apply(...names.map((name) => t[name] as tf.Tensor)) }),
          inputs,
        );
        for (const { shape, eager, traced } of outputs) {
          expect(traced.shape).toEqual(shape);
          expectClose(traced.data, eager, 1e-6);
        }
      }
    });

    if (operation.differentiable === false) continue;
    it(`${operation.name} has the gradient of finite differences`, async () => {
      const random = new Random(2, operation.name);
      for (let i = 0; i < CASES; i++) {
        const inputs = drawInputs(operation, random);
        const names = Object.keys(inputs);
        tf.setBackend('cpu');
        const eagerInputs = names.map((name) => tf.tensor(inputs[name]!.data, inputs[name]!.shape));
        const outputShape = operation.apply(...eagerInputs).shape;
        const weightValues = randomValues(random, outputShape, (x) => x + 2);
        const weights: TensorData = { dtype: 'float32', shape: outputShape, data: weightValues };
        const gradient: TensorFunction = (t) => {
          const grads = tf.grads((...xs) => weighted(operation, t.weights as tf.Tensor, xs))(
            names.map((name) => t[name] as tf.Tensor),
          );
          return Object.fromEntries(names.map((name, k) => [`d${name}`, grads[k] as tf.Tensor]));
        };
        const outputs = await both(gradient, { ...inputs, weights });
        for (const { eager, traced } of outputs) expectClose(traced.data, eager, 2e-6);

        const at = (name: string, index: number, step: number): number => {
          const moved = names.map((other) => {
            const data = Float32Array.from(inputs[other]!.data);
            if (other === name) data[index] = (data[index] as number) + step;
            return tf.tensor(data, inputs[other]!.shape);
          });
          return weighted(operation, tf.tensor(weightValues, outputShape), moved).dataSync()[0] as number;
        };
        for (const [k, name] of names.entries()) {
          const index = random.integer(inputs[name]!.data.length);
          const step = 1e-2;
          const difference = (at(name, index, step) - at(name, index, -step)) / (2 * step);
          const analytic = outputs[k]!.traced.data[index] as number;
          expect(Math.abs(difference - analytic)).toBeLessThan(2e-2 * Math.max(1, Math.abs(analytic)));
        }
      }
    });
  }
});
