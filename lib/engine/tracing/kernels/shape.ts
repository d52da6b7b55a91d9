/** Kernels that move or select elements without computing. Symbolic sizes become shape vectors of the graph. */
import { backend_util, slice_util, type TensorInfo, util } from '@tensorflow/tfjs';
import { type Recorder, sameShape } from '../recorder.js';
import { input, type KernelTable } from './kernel.js';

function reshape(recorder: Recorder, x: TensorInfo, shape: number[]): TensorInfo {
  const uniform = recorder.uniform(x);
  if (uniform !== null) return recorder.filled(uniform, shape, x.dtype);
  if (sameShape(x.shape, shape)) return recorder.alias(x, shape);
  const name = recorder.graph.addOne('Reshape', [recorder.name(x), recorder.graph.shapeVector(shape)]);
  return recorder.output(name, shape, x.dtype);
}

export const shapeKernels: KernelTable = {
  Reshape: (recorder, inputs, { shape }) => {
    const x = input(inputs, 'x');
    return reshape(recorder, x, util.inferFromImplicitShape(shape as number[], util.sizeFromShape(x.shape)));
  },
  ExpandDims: (recorder, inputs, { dim }) => {
    const x = input(inputs, 'input');
    const shape = x.shape.slice();
    shape.splice((dim as number) < 0 ? shape.length + 1 + (dim as number) : (dim as number), 0, 1);
    return reshape(recorder, x, shape);
  },
  Transpose: (recorder, inputs, { perm }) => {
    const x = input(inputs, 'x');
    const order = perm as number[];
    const shape = order.map((axis) => x.shape[axis] as number);
    const uniform = recorder.uniform(x);
    if (uniform !== null) return recorder.filled(uniform, shape, x.dtype);
    return recorder.output(recorder.graph.addOne('Transpose', [recorder.name(x)], { perm: order }), shape, x.dtype);
  },
  BroadcastTo: (recorder, inputs, { shape }) => recorder.alias(input(inputs, 'x'), shape as number[]),
  Slice: (recorder, inputs, { begin, size }) => {
    const x = input(inputs, 'x');
    const [starts, sizes] = slice_util.parseSliceParams(
      x as Parameters<typeof slice_util.parseSliceParams>[0],
      begin as number[],
      size as number[],
    ) as [number[], number[]];
    const axes = sizes.map((_, axis) => axis).filter((axis) => sizes[axis] !== x.shape[axis]);
    if (axes.length === 0) return recorder.alias(x, x.shape);
    const vector = (at: (axis: number) => number) => recorder.graph.shapeVector(axes.map(at));
    const name = recorder.graph.addOne('Slice', [
      recorder.name(x),
      vector((axis) => starts[axis] as number),
      vector((axis) => (starts[axis] as number) + (sizes[axis] as number)),
      recorder.graph.integers(axes),
    ]);
    return recorder.output(name, sizes, x.dtype);
  },
  Concat: (recorder, inputs, { axis }) => {
    const parts = Object.values(inputs);
    const first = parts[0] as TensorInfo;
    const along = util.parseAxisParam(axis as number, first.shape)[0] as number;
    const shape = first.shape.slice();
    shape[along] = parts.reduce((total, part) => total + (part.shape[along] as number), 0);
    const name = recorder.graph.addOne(
      'Concat',
      parts.map((part) => recorder.name(part)),
      { axis: along },
    );
    return recorder.output(name, shape, first.dtype);
  },
  SplitV: (recorder, inputs, { numOrSizeSplits, axis }) => {
    const x = input(inputs, 'x');
    const along = util.parseAxisParam(axis as number, x.shape)[0] as number;
    const sizes = backend_util.prepareSplitSize(
      x as Parameters<typeof backend_util.prepareSplitSize>[0],
      numOrSizeSplits as number | number[],
      along,
    );
    const names = recorder.graph.add(
      'Split',
      [recorder.name(x), recorder.graph.shapeVector(sizes)],
      { axis: along },
      sizes.length,
    );
    return sizes.map((size, i) => {
      const shape = x.shape.slice();
      shape[along] = size;
      return recorder.output(names[i] as string, shape, x.dtype);
    });
  },
  PadV2: (recorder, inputs, { paddings, constantValue }) => {
    const x = input(inputs, 'x');
    const pads = paddings as [number, number][];
    const shape = x.shape.map((dimension, i) => dimension + (pads[i]?.[0] ?? 0) + (pads[i]?.[1] ?? 0));
    const amounts = recorder.graph.shapeVector([...pads.map((pad) => pad[0]), ...pads.map((pad) => pad[1])]);
    const fill = recorder.scalar(x.dtype as 'float32', constantValue as number);
    return recorder.output(recorder.graph.addOne('Pad', [recorder.name(x), amounts, fill]), shape, x.dtype);
  },
  Tile: (recorder, inputs, { reps }) => {
    const x = input(inputs, 'x');
    const repeats = reps as number[];
    const shape = x.shape.map((dimension, i) => dimension * (repeats[i] as number));
    const uniform = recorder.uniform(x);
    if (uniform !== null) return recorder.filled(uniform, shape, x.dtype);
    const name = recorder.graph.addOne('Tile', [recorder.name(x), recorder.graph.shapeVector(repeats)]);
    return recorder.output(name, shape, x.dtype);
  },
  GatherV2: (recorder, inputs, { axis, batchDims }) => {
    const x = input(inputs, 'x');
    const indices = input(inputs, 'indices');
    if (batchDims) throw new Error('gather with batchDims cannot be traced');
    const along = util.parseAxisParam((axis as number | undefined) ?? 0, x.shape)[0] as number;
    const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
    const name = recorder.graph.addOne('Gather', [recorder.name(x), recorder.name(indices)], { axis: along });
    return recorder.output(name, shape, x.dtype);
  },
};
