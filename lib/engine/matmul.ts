/** a b^T on the engine, for whoever needs a plain matrix product of two sets of rows. */
import * as tf from '@tensorflow/tfjs';
import type { Engine, Program } from './types.js';

/** @returns [n, m] row-major, from a [n, width] and b [m, width] */
export type RowProducts = (a: Float32Array, b: Float32Array, width: number) => Promise<Float32Array>;

/** Compiles on first use, once a width. */
export function matmulTransposed(engine: Engine): RowProducts {
  const programs = new Map<number, Promise<Program>>();
  return async (a, b, width) => {
    let program = programs.get(width);
    if (!program) {
      program = engine.compile(
        'row products',
        (inputs) => ({ products: tf.matMul(inputs.a as tf.Tensor2D, inputs.b as tf.Tensor2D, false, true) }),
        { a: { dtype: 'float32', shape: ['n', width] }, b: { dtype: 'float32', shape: ['m', width] } },
      );
      programs.set(width, program);
    }
    const { data } = await (await program).run({
      a: { dtype: 'float32', shape: [a.length / width, width], data: a },
      b: { dtype: 'float32', shape: [b.length / width, width], data: b },
    });
    return data.products?.data as Float32Array;
  };
}
