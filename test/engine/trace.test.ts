/** Tracing: symbolic dimensions, common subexpressions, constants, and clear errors. */
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { trace } from '../../lib/engine/tracing/trace.js';
import type { Engine, InputSpec, TensorData } from '../../lib/engine/types.js';

const input = (shape: InputSpec['shape']): InputSpec => ({ dtype: 'float32', shape });
const data = (shape: number[]): TensorData => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + 1)),
});

let engine: Engine;
beforeAll(() => {
  engine = createOnnxEngine({ threads: 1 });
});
afterAll(() => engine.close());

describe('symbolic dimensions', () => {
  it('let one program serve every batch and sequence', async () => {
    const program = await engine.compile(
      'fold',
      ({ x, y }) => {
        const [batch, sequence] = (y as tf.Tensor).shape as [number, number];
        const folded = tf.reshape(x as tf.Tensor, [batch, sequence, 2, 3]);
        const joined = tf.concat([tf.transpose(folded, [0, 2, 1, 3]), tf.zeros([batch, 2, sequence, 3])], 2);
        return { z: tf.reshape(joined, [batch, 2 * 2 * sequence * 3]) };
      },
      { x: input(['batch*sequence', 6]), y: input(['batch', 'sequence']) },
    );
    for (const [batch, sequence] of [
      [1, 1],
      [2, 3],
      [5, 7],
    ] as const) {
      const x = data([batch * sequence, 6]);
      const z = (await program.run({ x, y: data([batch, sequence]) })).data.z as TensorData;
      expect(z.shape).toEqual([batch, 12 * sequence]);
      tf.setBackend('cpu');
      const folded = tf.transpose(tf.tensor(x.data, [batch, sequence, 2, 3]), [0, 2, 1, 3]);
      const expected = tf.concat([folded, tf.zeros([batch, 2, sequence, 3])], 2).dataSync();
      expect([...z.data]).toEqual([...expected]);
    }
  });

  it('refuse a size that would be frozen in', () => {
    const specs = { x: input(['batch', 4]) };
    const frozen = (x: tf.Tensor) => tf.mul(x, 1 / (x.shape[0] as number));
    expect(() => trace('mean', ({ x }) => ({ y: frozen(x as tf.Tensor) }), specs)).toThrow(
      /symbolic size went into the graph/,
    );
    const extended = (x: tf.Tensor) =>
      tf
        .pad(x as tf.Tensor2D, [
          [0, 1],
          [0, 0],
        ])
        .slice([0, 0], [(x.shape[0] as number) + 1, 2]);
    expect(() => trace('pad', ({ x }) => ({ y: extended(x as tf.Tensor) }), specs)).toThrow(/symbolic size/);
  });

  it('name a symbol that no input has alone', () => {
    const fn = ({ x }: Record<string, tf.Tensor>) => ({ y: tf.reshape(x as tf.Tensor, [-1, 2, 2]) });
    expect(() => trace('products', fn, { x: input(['a*b', 4]) })).toThrow(/"a" alone/);
  });
});

describe('a traced graph', () => {
  it('computes equal expressions once', () => {
    const twice = trace('twice', ({ x }) => ({ y: tf.add(tf.exp(x as tf.Tensor), tf.exp(x as tf.Tensor)) }), {
      x: input([3]),
    });
    const once = trace('once', ({ x }) => ({ y: tf.exp(x as tf.Tensor) }), { x: input([3]) });
    expect(twice.nodeCount).toBe(once.nodeCount + 1);
  });

  it('leaves out what no output needs', () => {
    const value = (x: tf.Tensor): tf.Tensor => tf.exp(tf.sin(x));
    const both = trace('both', ({ x }) => ({ y: value(x as tf.Tensor), z: tf.neg(x as tf.Tensor) }), { x: input([3]) });
    expect(both.nodeCount).toBe(3);
    // the derivative of 3 sin(x) is 3 cos(x), whatever the function itself is
    const derivative = ({ x }: Record<string, tf.Tensor>) => ({
      y: tf.grad((value) => tf.mul(tf.sin(value), 3))(x as tf.Tensor),
    });
    expect(trace('derivative', derivative, { x: input([3]) }).nodeCount).toBe(2);
  });

  it('gives one value under several names, and inputs and constants as outputs', async () => {
    const program = await engine.compile(
      'names',
      ({ x }) => {
        const y = tf.exp(x as tf.Tensor);
        return { y, again: y, square: tf.square(y), x2: x as tf.Tensor, five: tf.scalar(5) };
      },
      { x: input([3]) },
    );
    const values = { dtype: 'float32' as const, shape: [3], data: Float32Array.of(0, 1, 2) };
    const { data: outputs } = await program.run({ x: values });
    const close = (name: string, expected: number[]): void => {
      for (const [i, value] of expected.entries()) expect((outputs[name] as TensorData).data[i]).toBeCloseTo(value, 5);
    };
    for (const name of ['y', 'again']) close(name, [1, Math.E, Math.E ** 2]);
    close('square', [1, Math.E ** 2, Math.E ** 4]);
    close('x2', [0, 1, 2]);
    close('five', [5]);
  });

  it('carries constants', async () => {
    const program = await engine.compile('table', ({ x }) => ({ y: tf.add(x as tf.Tensor, tf.tensor1d([1, 2, 3])) }), {
      x: input([2, 3]),
    });
    const { y } = (await program.run({ x: { dtype: 'float32', shape: [2, 3], data: new Float32Array(6) } })).data;
    expect([...(y as TensorData).data]).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('is the same bytes each time', () => {
    const make = () =>
      trace('same', ({ x }) => ({ y: tf.softmax(x as tf.Tensor2D) }), { x: input(['batch', 5]) }).bytes;
    expect(Buffer.from(make()).equals(Buffer.from(make()))).toBe(true);
  });
});

describe('errors of a trace', () => {
  const specs = { x: input([3]) };
  it('name an op without a kernel, and the line that calls it', () => {
    expect(() => trace('sinh', ({ x }) => ({ y: tf.sinh(x as tf.Tensor) }), specs)).toThrow(/op Sinh at .*trace\.test/);
  });
  it('name the line that reads data', () => {
    const reads = ({ x }: Record<string, tf.Tensor>) => ({ y: tf.scalar((x as tf.Tensor).dataSync()[0] as number) });
    expect(() => trace('reads', reads, specs)).toThrow(/trace\.test.* reads the data of a tensor/);
  });
  it('name the line of the model from inside a gradient, however deep', () => {
    const unsupported = (x: tf.Tensor): tf.Tensor => tf.sinh(tf.square(x));
    const nested = ({ x }: Record<string, tf.Tensor>) => ({
      y: tf.tidy(
        () => tf.grads((value) => tf.tidy(() => tf.tidy(() => unsupported(value))))([x as tf.Tensor])[0] as tf.Tensor,
      ),
    });
    expect(() => trace('nested', nested, specs)).toThrow(/op Sinh at .*unsupported.*trace\.test/);
    // gathering has no gradient here: it is the line that asks for one that counts
    const gather = (x: tf.Tensor): tf.Tensor => tf.gather(x, tf.tensor1d([0, 2], 'int32'));
    const backward = ({ x }: Record<string, tf.Tensor>) => ({ y: tf.grads(gather)([x as tf.Tensor])[0] as tf.Tensor });
    expect(() => trace('backward', backward, specs)).toThrow(/op UnsortedSegmentSum at .*backward.*trace\.test/);
  });
  it('name an op that is supported, but not as it is called, and the line', () => {
    const strings = ({ x }: Record<string, tf.Tensor>) => ({ y: tf.cast(x as tf.Tensor, 'complex64') });
    expect(() => trace('strings', strings, specs)).toThrow(/op \w+ at .*trace\.test/);
  });
  it('leave the former backend in force', () => {
    tf.setBackend('cpu');
    expect(() => trace('bad', ({ x }) => ({ y: tf.sinh(x as tf.Tensor) }), specs)).toThrow();
    expect(tf.getBackend()).toBe('cpu');
  });
});
