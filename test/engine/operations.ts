/** The ops that traced code may use, each as a small function over tensors of random shapes. */
import * as tf from '@tensorflow/tfjs';
import type { Random } from '../../lib/core/random.js';
import type { DType } from '../../lib/engine/types.js';

export interface Operation {
  name: string;
  /** Kernels of the tracing backend that it reaches, gradient left aside. */
  kernels: string[];
  /** Shapes of the arguments, drawn anew for each case. */
  shapes(random: Random): number[][];
  /** Maps uniform numbers in [-1, 1) to the range where the function is smooth. */
  range?(x: number): number;
  dtypes?: DType[];
  apply(...inputs: tf.Tensor[]): tf.Tensor;
  /** False where the function has no gradient. */
  differentiable?: boolean;
}

const size = (random: Random): number => 1 + random.integer(4);
const shape = (random: Random, rank = 1 + random.integer(3)): number[] =>
  Array.from({ length: rank }, () => size(random));
/** Two shapes that broadcast: some dimensions of either are 1, and one may lack leading dimensions. */
function broadcasting(random: Random): number[][] {
  const full = shape(random, 3);
  const narrow = (dimensions: number[]) => dimensions.map((dimension) => (random.uniform() < 0.3 ? 1 : dimension));
  return [narrow(full), narrow(full).slice(random.integer(3))];
}
const alike = (random: Random): number[][] => {
  const common = shape(random);
  return [common, common];
};
const one = (random: Random): number[][] => [shape(random)];
const matrix = (random: Random): number[][] => [shape(random, 2)];
const away = (x: number): number => x + (x < 0 ? -0.5 : 0.5);
const positive = (x: number): number => 1.5 + x;

const unary = (
  name: string,
  kernel: string,
  apply: (x: tf.Tensor) => tf.Tensor,
  range?: (x: number) => number,
): Operation => ({
  name,
  kernels: [kernel],
  shapes: one,
  range,
  apply,
});
const binary = (
  name: string,
  kernel: string,
  apply: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  more: Partial<Operation> = {},
): Operation => ({ name, kernels: [kernel], shapes: broadcasting, apply, ...more });
const comparison = (name: string, kernel: string, apply: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Operation =>
  binary(name, kernel, (a, b) => apply(tf.floor(tf.mul(a, 3)), tf.floor(tf.mul(b, 3))), { differentiable: false });

export const OPERATIONS: Operation[] = [
  unary('abs', 'Abs', tf.abs, away),
  unary('cos', 'Cos', tf.cos),
  unary('erf', 'Erf', tf.erf),
  unary('exp', 'Exp', tf.exp),
  { ...unary('floor', 'Floor', (x) => tf.floor(tf.mul(x, 3.3))), differentiable: false },
  unary('log', 'Log', tf.log, positive),
  unary('neg', 'Neg', tf.neg),
  unary('reciprocal', 'Reciprocal', tf.reciprocal, away),
  unary('relu', 'Relu', tf.relu, away),
  unary('sigmoid', 'Sigmoid', tf.sigmoid),
  unary('sin', 'Sin', tf.sin),
  unary('sqrt', 'Sqrt', tf.sqrt, positive),
  unary('rsqrt', 'Rsqrt', tf.rsqrt, positive),
  { ...unary('step', 'Step', (x) => tf.step(x, 0.25)), differentiable: false },
  unary('square', 'Square', tf.square),
  unary('tanh', 'Tanh', tf.tanh),
  unary('identity', 'Identity', (x) => tf.clone(x)),
  unary('zerosLike', 'ZerosLike', (x) => tf.add(tf.zerosLike(x), x)),
  unary('onesLike', 'OnesLike', (x) => tf.mul(tf.onesLike(x), tf.square(x))),
  unary('fill', 'Fill', (x) => tf.mul(tf.fill(x.shape, 2.5), x)),
  unary('cast', 'Cast', (x) => tf.cast(tf.cast(x, 'float32'), 'float32')),
  { ...unary('cast to int32', 'Cast', (x) => tf.cast(tf.mul(x, 5), 'int32')), differentiable: false },
  binary('add', 'Add', tf.add),
  binary('sub', 'Sub', tf.sub),
  binary('mul', 'Multiply', tf.mul),
  binary('div', 'RealDiv', tf.div, { range: away }),
  // of equal shapes: the gradients of tfjs for these two do not sum over broadcast dimensions
  binary('maximum', 'Maximum', (a, b) => tf.maximum(a, b), { shapes: alike }),
  binary('minimum', 'Minimum', (a, b) => tf.minimum(a, b), { shapes: alike }),
  binary('pow', 'Pow', (a, b) => tf.pow(a, b), { range: positive }),
  comparison('equal', 'Equal', tf.equal),
  comparison('greater', 'Greater', tf.greater),
  comparison('greaterEqual', 'GreaterEqual', tf.greaterEqual),
  comparison('less', 'Less', tf.less),
  comparison('lessEqual', 'LessEqual', tf.lessEqual),
  comparison('logicalAnd', 'LogicalAnd', (a, b) => tf.logicalAnd(tf.cast(a, 'bool'), tf.cast(b, 'bool'))),
  comparison('logicalOr', 'LogicalOr', (a, b) => tf.logicalOr(tf.cast(a, 'bool'), tf.cast(b, 'bool'))),
  { ...unary('logicalNot', 'LogicalNot', (x) => tf.logicalNot(tf.greater(x, 0))), differentiable: false },
  {
    name: 'addN',
    kernels: ['AddN'],
    shapes: (random) => {
      const common = shape(random);
      return [common, common, common];
    },
    apply: (...terms) => tf.addN(terms),
  },
  {
    name: 'where',
    kernels: ['Select'],
    shapes: alike,
    apply: (a, b) => tf.where(tf.cast(tf.ones(a.shape), 'bool'), a, b),
  },
  { name: 'softmax', kernels: ['Softmax'], shapes: matrix, apply: (x) => tf.softmax(x as tf.Tensor2D) },
  { name: 'logSoftmax', kernels: ['LogSoftmax'], shapes: matrix, apply: (x) => tf.logSoftmax(x as tf.Tensor2D) },
  ...[false, true].flatMap((transposeA) =>
    [false, true].map(
      (transposeB): Operation => ({
        name: `matMul${transposeA ? ' a transposed' : ''}${transposeB ? ' b transposed' : ''}`,
        kernels: ['BatchMatMul'],
        shapes: (random) => {
          const [batch, rows, inner, columns] = [size(random), size(random), size(random), size(random)];
          const rank = random.integer(2) ? [batch] : [];
          return [
            [...rank, ...(transposeA ? [inner, rows] : [rows, inner])],
            [...rank, ...(transposeB ? [columns, inner] : [inner, columns])],
          ];
        },
        apply: (a, b) => tf.matMul(a, b, transposeA, transposeB),
      }),
    ),
  ),
  { name: 'sum', kernels: ['Sum'], shapes: matrix, apply: (x) => tf.sum(x, 1) },
  { name: 'sum keeping', kernels: ['Sum'], shapes: matrix, apply: (x) => tf.sum(x, 0, true) },
  { name: 'sum of all', kernels: ['Sum'], shapes: one, apply: (x) => tf.sum(x) },
  { name: 'mean', kernels: ['Mean'], shapes: matrix, apply: (x) => tf.mean(x, -1, true) },
  { name: 'max', kernels: ['Max'], shapes: matrix, apply: (x) => tf.max(x, 1) },
  { name: 'min', kernels: ['Min'], shapes: matrix, apply: (x) => tf.min(x, 1) },
  { name: 'reshape', kernels: ['Reshape'], shapes: (r) => [[size(r), 6]], apply: (x) => tf.reshape(x, [-1, 2, 3]) },
  { name: 'expandDims', kernels: ['ExpandDims'], shapes: one, apply: (x) => tf.expandDims(x, -1) },
  { name: 'transpose', kernels: ['Transpose'], shapes: (r) => [shape(r, 3)], apply: (x) => tf.transpose(x, [2, 0, 1]) },
  {
    name: 'broadcastTo',
    kernels: ['BroadcastTo'],
    shapes: (r) => [[1, size(r)]],
    apply: (x) => tf.mul(tf.broadcastTo(x, [3, x.shape[1] as number]), 2),
  },
  { name: 'slice', kernels: ['Slice', 'PadV2'], shapes: () => [[4, 5]], apply: (x) => tf.slice(x, [1, 0], [2, 3]) },
  {
    name: 'concat',
    kernels: ['Concat'],
    shapes: (random) => [
      [2, size(random)],
      [2, size(random)],
    ],
    apply: (a, b) => tf.concat([a, b], 1),
  },
  {
    name: 'split',
    kernels: ['SplitV'],
    shapes: () => [[3, 4]],
    apply: (x) => tf.mul(...(tf.split(x, 2, 1) as [tf.Tensor, tf.Tensor])),
  },
  {
    name: 'pad',
    kernels: ['PadV2'],
    shapes: matrix,
    apply: (x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [0, 2],
        ],
        0.5,
      ),
  },
  { name: 'tile', kernels: ['Tile'], shapes: matrix, apply: (x) => tf.tile(x, [2, 1]) },
  {
    name: 'gather',
    kernels: ['GatherV2'],
    shapes: () => [[5, 3]],
    apply: (x) => tf.gather(x, tf.tensor1d([4, 0, 0, 2], 'int32')),
    differentiable: false,
  },
];

export function randomValues(
  random: Random,
  dimensions: number[],
  range: (x: number) => number = (x) => x,
): Float32Array {
  const length = dimensions.reduce((product, dimension) => product * dimension, 1);
  return Float32Array.from({ length }, () => range(2 * random.uniform() - 1));
}
