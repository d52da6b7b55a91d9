/** What the device reaches in the plainest of cases: a square product of matrices in the engine's precision. */
import * as tf from '@tensorflow/tfjs';
import type { Engine } from '../../lib/engine/types.js';
import { float32ToBfloat16 } from '../../lib/files/float-formats.js';

/** Operations a second. */
export async function measuredPeak(engine: Engine, size: number): Promise<number> {
  const numbers = Float32Array.from({ length: size * size }, (_, i) => Math.sin(i));
  const shape = [size, size];
  const upload = () =>
    engine.uploadBfloat16
      ? engine.uploadBfloat16(shape, float32ToBfloat16(numbers))
      : engine.upload({ dtype: 'float32', shape, data: numbers.slice() });
  const [a, b] = [await upload(), await upload()];
  const products = 8;
  const program = await engine.compile(
    'products',
    (inputs) => {
      let x = inputs.a as tf.Tensor2D;
      for (let i = 0; i < products; i++) x = tf.matMul(x, inputs.b as tf.Tensor2D);
      return { y: tf.sum(tf.slice(x, [0, 0], [1, 1])) };
    },
    { a: { dtype: 'float32', shape }, b: { dtype: 'float32', shape } },
  );
  let best = 0;
  for (let round = 0; round < 4; round++) {
    const start = performance.now();
    await program.run({ a, b });
    best = Math.max(best, (products * 2 * size ** 3) / ((performance.now() - start) / 1000));
  }
  await program.dispose();
  engine.release([a, b]);
  return best;
}
