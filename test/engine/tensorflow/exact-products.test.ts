/** Products of float32 matrices beside bfloat16 on a GPU, which would round their operands to 10 bits. */
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { currentInstallation } from '../../../lib/engine/tensorflow/installation.js';
import { installMixedPrecision } from '../../../lib/engine/tensorflow/mixed-precision.js';
import { loadNativeBackend } from '../../../lib/engine/tensorflow/native-backend.js';
import { WITH_TENSORFLOW } from '../../encoder/tiny-models.js';

it.skipIf(!WITH_TENSORFLOW)('are computed in float64, without leaving anything behind', () => {
  const backend = loadNativeBackend(currentInstallation()!, { threads: 0, tensorFloat32: true });
  tf.setBackend('tensorflow');
  const mixed = installMixedPrecision(backend, { exactProducts: true });
  // 2^30 + 1 - 2^30: float32 loses the one, in any order but a lucky one
  const row = tf.tensor2d([2 ** 30, 1, -(2 ** 30)], [1, 3]);
  const ones = tf.ones<tf.Rank.R2>([3, 1]);
  tf.dispose(tf.matMul(row, ones));
  const before = backend.binding.getNumOfTensors();
  const product = tf.matMul(row, ones);
  expect([...product.dataSync()]).toEqual([1]);
  expect(product.dtype).toBe('float32');
  const transposed = tf.matMul(row, row, false, true);
  expect(transposed.dataSync()[0]).toBe(Math.fround(2 ** 61 + 1));
  tf.dispose([product, transposed]);
  expect(backend.binding.getNumOfTensors()).toBe(before);
  // what meets a bfloat16 number is not a product of float32 matrices
  const narrow = mixed.fromBits(Uint16Array.of(0x3f80, 0x3f80, 0x3f80), [3, 1]);
  expect(tf.matMul(tf.tensor2d([257, 0, 0], [1, 3]), narrow as tf.Tensor2D).dataSync()[0]).toBe(256);
});
