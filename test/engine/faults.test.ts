/** What engines do when something goes wrong: errors that say so, no request without an answer, nothing left behind. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { WorkError } from '../../lib/core/errors.js';
import { createWasmEngine } from '../../lib/engine/eager-engine.js';
import { Connection } from '../../lib/engine/onnx/connection.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import { trace } from '../../lib/engine/tracing/trace.js';
import type { TensorData, TensorFunction } from '../../lib/engine/types.js';

const vector = (length: number): TensorData => ({
  dtype: 'float32',
  shape: [length],
  data: new Float32Array(length).fill(2),
});
const double: TensorFunction = ({ x }) => ({ y: tf.mul(x as tf.Tensor, 2) });
const specs = { x: { dtype: 'float32' as const, shape: ['n'] } };

describe('the onnx engine', () => {
  it('answers a request that it cannot send or carry out, and goes on', async () => {
    const engine = createOnnxEngine({ threads: 1 });
    const program = await engine.compile('double', double, specs);
    const { data } = vector(4);
    await engine.upload({ dtype: 'float32', shape: [4], data });
    const held = engine.residentBytes();
    // the array moved with the first upload; a shape that contradicts the data
    await expect(engine.upload({ dtype: 'float32', shape: [4], data })).rejects.toThrow(
      /has 0 values, its shape \[4\] 4/,
    );
    await expect(engine.upload({ ...vector(4), shape: [5] })).rejects.toThrow(/has 4 values, its shape \[5\] 5/);
    await expect(program.run({ x: { ...vector(4), shape: [3] } })).rejects.toThrow(/input "x" has 4 values/);
    await expect(engine.upload({ ...vector(4), dtype: 'string' as never })).rejects.toThrow(WorkError);
    await expect(program.run({ x: { ...vector(4), shape: [2, 2] } })).rejects.toThrow(/ONNX Runtime/);
    expect(engine.residentBytes()).toBe(held);
    expect([...(await program.run({ x: vector(2) })).data.y!.data]).toEqual([4, 4]);
    await program.dispose();
    await expect(program.run({ x: vector(2) })).rejects.toThrow(/not compiled, or was disposed/);
    await engine.close();
  });

  it('finishes what is under way when it is closed, and refuses later requests', async () => {
    const engine = createOnnxEngine({ threads: 1 });
    // a thread that ends amid a run would take the process with it
    const power: TensorFunction = ({ x }) => {
      let y = x as tf.Tensor2D;
      for (let i = 0; i < 5; i++) y = tf.matMul(y, x as tf.Tensor2D);
      return { y };
    };
    const shape = [300, 300];
    const program = await engine.compile('power', power, { x: { dtype: 'float32', shape } });
    const x: TensorData = { dtype: 'float32', shape, data: new Float32Array(90_000).fill(1 / 300) };
    const [{ data }] = await Promise.all([program.run({ x }), engine.close(), engine.close()]);
    expect(data.y?.data[7]).toBeCloseTo(1 / 300, 6);
    await expect(program.run({ x })).rejects.toThrow('the engine is closed');
    await expect(program.run({ x })).rejects.toThrow(WorkError);
    engine.release([{ id: 0, dtype: 'float32', shape: [1] }]);
    await engine.close();
  });

  it('fails its requests when its thread ends', async () => {
    const connection = new Connection();
    const { worker } = connection as unknown as { worker: Worker };
    const request = connection.request({ kind: 'release', tensors: [] });
    await Promise.all([expect(request).rejects.toThrow(/thread of ONNX Runtime ended/), worker.terminate()]);
    await expect(connection.request({ kind: 'release', tensors: [] })).rejects.toThrow(WorkError);
    await connection.close();
  });

  it('keeps the process alive for an answer, and not beyond', () => {
    const module = fileURLToPath(new URL('../../dist/lib/engine/onnx/engine.js', import.meta.url));
    const script = `
      import { createOnnxEngine } from ${JSON.stringify(module)};
      const engine = createOnnxEngine({ threads: 1 });
      const data = new Float32Array(2);
      const tensor = await engine.upload({ dtype: 'float32', shape: [2], data });
      await engine.upload({ dtype: 'float32', shape: [2], data }).catch(() => console.log('refused'));
      console.log((await engine.download(tensor)).data.length);`;
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect([stdout, status]).toEqual(['refused\n2\n', 0]);
  });
});

describe('the wasm engine', () => {
  it('leaves no tensor behind when a function throws or an input is missing', async () => {
    const engine = await createWasmEngine();
    const failing = await engine.compile(
      'failing',
      ({ x, y }) => {
        tf.square(x as tf.Tensor);
        throw new Error(`cannot go on with ${y?.shape}`);
      },
      { ...specs, y: { dtype: 'float32', shape: [1] } },
    );
    const failingBackward = await engine.compile(
      'failing backward',
      ({ x }) => ({
        y: tf.grad((z) => {
          // kept for the backward pass, which never comes
          const squares = tf.square(z);
          if (squares.size > 0) throw new Error('no way back');
          return squares;
        })(x as tf.Tensor),
      }),
      specs,
    );
    const before = tf.memory().numTensors;
    await expect(failing.run({ x: vector(3), y: vector(1) })).rejects.toThrow('cannot go on with 1');
    await expect(failingBackward.run({ x: vector(3) })).rejects.toThrow('no way back');
    await expect(failing.run({ x: vector(3) })).rejects.toThrow(/"y"/);
    expect(tf.memory().numTensors).toBe(before);
    await engine.close();
  });
});

describe('traced kernels at their edges', () => {
  const evaluate = async (fn: (x: tf.Tensor) => tf.Tensor, shape: number[]) => {
    const engine = createOnnxEngine({ threads: 1 });
    const length = shape.reduce((product, dimension) => product * dimension, 1);
    const x: TensorData = { dtype: 'float32', shape, data: Float32Array.from({ length }, (_, i) => i + 1) };
    const program = await engine.compile('edge', (inputs) => ({ y: fn(inputs.x as tf.Tensor) }), {
      x: { dtype: 'float32', shape },
    });
    const { y } = (await program.run({ x })).data;
    await engine.close();
    tf.setBackend('cpu');
    const expected = fn(tf.tensor(x.data, shape));
    expect(y?.shape).toEqual(expected.shape);
    expect([...(y as TensorData).data]).toEqual([...expected.dataSync()]);
  };

  it('broadcast constants', async () => {
    await evaluate((x) => tf.add(x, tf.add(tf.tensor1d([1, 2, 3]), tf.zeros([2, 3]))), [2, 3]);
    await evaluate((x) => tf.mul(x, tf.reshape(tf.broadcastTo(tf.tensor1d([1, 2, 3]), [2, 3]), [3, 2])), [3, 2]);
  });

  it('reduce over no axes, and gather along the last', async () => {
    await evaluate((x) => tf.sum(x, []), [2, 3]);
    await evaluate((x) => tf.gather(x, tf.tensor1d([2, 0], 'int32'), -1), [2, 3]);
  });

  it('refuse what they would compute wrongly', () => {
    const gather: TensorFunction = ({ x }) => ({
      y: tf.gather(x as tf.Tensor, tf.tensor2d([[1], [0]], [2, 1], 'int32'), 1, 1),
    });
    expect(() => trace('gather', gather, { x: { dtype: 'float32', shape: [2, 3] } })).toThrow(/batchDims/);
  });
});
