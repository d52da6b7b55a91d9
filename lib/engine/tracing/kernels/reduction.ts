/** Reductions over axes. ReduceSum takes its axes as an input, the others as an attribute (ONNX opset 17). */
import { util } from '@tensorflow/tfjs';
import { input, type KernelTable, type TracedKernel } from './kernel.js';

function reduction(operator: 'ReduceSum' | 'ReduceMean' | 'ReduceMax' | 'ReduceMin'): TracedKernel {
  return (recorder, inputs, { axis, reductionIndices, keepDims }) => {
    const x = input(inputs, 'x');
    // Max alone calls its axes reductionIndices
    const axes = util.parseAxisParam((axis ?? reductionIndices) as number | number[], x.shape);
    // for ONNX, no axes are all axes
    if (axes.length === 0) return recorder.alias(x, x.shape);
    const shape = keepDims
      ? x.shape.map((dimension, i) => (axes.includes(i) ? 1 : dimension))
      : x.shape.filter((_, i) => !axes.includes(i));
    const keepdims = keepDims ? 1 : 0;
    const name =
      operator === 'ReduceSum'
        ? recorder.graph.addOne(operator, [recorder.name(x), recorder.graph.integers(axes)], { keepdims })
        : recorder.graph.addOne(operator, [recorder.name(x)], { axes, keepdims });
    return recorder.output(name, shape, x.dtype);
  };
}

export const reductionKernels: KernelTable = {
  Sum: reduction('ReduceSum'),
  Mean: reduction('ReduceMean'),
  Max: reduction('ReduceMax'),
  Min: reduction('ReduceMin'),
};
