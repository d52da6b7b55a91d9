/** Every kernel of the tracing backend, by the name that tfjs calls it by. */
import { elementwiseKernels } from './elementwise.js';
import type { KernelTable } from './kernel.js';
import { matmulKernels } from './matmul.js';
import { reductionKernels } from './reduction.js';
import { shapeKernels } from './shape.js';

export const KERNELS: KernelTable = {
  ...elementwiseKernels,
  ...matmulKernels,
  ...reductionKernels,
  ...shapeKernels,
};
