/** The process of a probe: loads the build that its arguments name, multiplies in both types, and says what it found. */
import * as tf from '@tensorflow/tfjs';
import type { BuildKind } from './installation.js';
import { installMixedPrecision } from './mixed-precision.js';
import { loadNativeBackend, TENSORFLOW_BACKEND } from './native-backend.js';
import type { ProbeResult } from './probe.js';

const [, , kind, folder, binding] = process.argv as [string, string, BuildKind, string, string];
const backend = loadNativeBackend({ kind, folder, binding }, { threads: 0, tensorFloat32: true });
tf.setBackend(TENSORFLOW_BACKEND);
const mixed = installMixedPrecision(backend, { exactProducts: false });

const rows = tf.tensor2d([1, 0, 2, 1], [2, 2]);
// 1 0; 2 1 as the bits of bfloat16 numbers
const narrow = mixed.fromBits(Uint16Array.of(0x3f80, 0, 0x4000, 0x3f80), [2, 2]);
for (const product of [tf.matMul(rows, rows, false, true), tf.matMul(rows, narrow as tf.Tensor2D, false, true)]) {
  const values = [...product.dataSync()].join(' ');
  if (values !== '1 2 2 5') throw new Error(`a product came out as ${values}, expected 1 2 2 5`);
}
const result: ProbeResult = { version: backend.binding.TF_Version, gpu: backend.binding.isUsingGpuDevice() };
console.log(JSON.stringify(result));
