/** Element-wise kernels: they work on narrow operands and give narrow results (see recorder.ts). */
import type { TensorInfo } from '@tensorflow/tfjs';
import type { Recorder } from '../recorder.js';
import { broadcastShape, input, type KernelTable, type TracedKernel } from './kernel.js';

/** y = f(x) by one ONNX operator. */
function unary(operator: string): TracedKernel {
  return (recorder, inputs) => {
    const x = input(inputs, 'x');
    return recorder.output(
      recorder.graph.addOne(operator, [recorder.operand(x)]),
      x.shape,
      x.dtype,
      recorder.operandShape(x),
    );
  };
}

/** y = f(a, b) by one ONNX operator. `shortcut` may answer without a node. */
function binary(operator: string, outputType?: string, shortcut?: typeof withoutIdentity): TracedKernel {
  return (recorder, inputs) => {
    const a = input(inputs, 'a');
    const b = input(inputs, 'b');
    const shape = broadcastShape(a.shape, b.shape);
    const short = shortcut?.(recorder, operator, a, b, shape);
    if (short) return short;
    const narrow = broadcastShape(recorder.operandShape(a), recorder.operandShape(b));
    const name = recorder.graph.addOne(operator, [recorder.operand(a), recorder.operand(b)]);
    return recorder.output(name, shape, outputType ?? a.dtype, narrow);
  };
}

/** x * 1, x / 1, x + 0, x - 0: the gradients of sum, mean and broadcasting are full of them. */
function withoutIdentity(
  recorder: Recorder,
  operator: string,
  a: TensorInfo,
  b: TensorInfo,
  shape: number[],
): TensorInfo | undefined {
  const neutral = operator === 'Mul' || operator === 'Div' ? 1 : 0;
  const commutes = operator === 'Mul' || operator === 'Add';
  if (recorder.uniform(b) === neutral && a.dtype === b.dtype) return recorder.alias(a, shape);
  if (commutes && recorder.uniform(a) === neutral && a.dtype === b.dtype) return recorder.alias(b, shape);
  return undefined;
}

export const elementwiseKernels: KernelTable = {
  Abs: unary('Abs'),
  Cos: unary('Cos'),
  Erf: unary('Erf'),
  Exp: unary('Exp'),
  Floor: unary('Floor'),
  Log: unary('Log'),
  Neg: unary('Neg'),
  Reciprocal: unary('Reciprocal'),
  Relu: unary('Relu'),
  Sigmoid: unary('Sigmoid'),
  Sin: unary('Sin'),
  Sqrt: unary('Sqrt'),
  Tanh: unary('Tanh'),
  LogicalNot: unary('Not'),
  Rsqrt: (recorder, inputs) => {
    const x = input(inputs, 'x');
    const root = recorder.graph.addOne('Sqrt', [recorder.operand(x)]);
    return recorder.output(recorder.graph.addOne('Reciprocal', [root]), x.shape, x.dtype, recorder.operandShape(x));
  },
  Square: (recorder, inputs) => {
    const x = input(inputs, 'x');
    const operand = recorder.operand(x);
    return recorder.output(
      recorder.graph.addOne('Mul', [operand, operand]),
      x.shape,
      x.dtype,
      recorder.operandShape(x),
    );
  },
  Add: binary('Add', undefined, withoutIdentity),
  Sub: binary('Sub', undefined, withoutIdentity),
  Multiply: binary('Mul', undefined, withoutIdentity),
  RealDiv: binary('Div', undefined, withoutIdentity),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: binary('Pow'),
  Equal: binary('Equal', 'bool'),
  Greater: binary('Greater', 'bool'),
  GreaterEqual: binary('GreaterOrEqual', 'bool'),
  Less: binary('Less', 'bool'),
  LessEqual: binary('LessOrEqual', 'bool'),
  LogicalAnd: binary('And', 'bool'),
  LogicalOr: binary('Or', 'bool'),
  AddN: (recorder, inputs) => {
    const terms = Object.values(inputs);
    const first = terms[0] as TensorInfo;
    const name = recorder.graph.addOne(
      'Sum',
      terms.map((term) => recorder.name(term)),
    );
    return recorder.output(name, first.shape, first.dtype);
  },
  Select: (recorder, inputs) => {
    const names = ['condition', 't', 'e'].map((key) => recorder.name(input(inputs, key)));
    const yes = input(inputs, 't');
    return recorder.output(recorder.graph.addOne('Where', names), yes.shape, yes.dtype);
  },
  Step: (recorder, inputs, { alpha }) => {
    // 1 where x > 0, alpha elsewhere; the gradient of abs is made of it
    const x = input(inputs, 'x');
    const above = recorder.graph.addOne('Greater', [recorder.name(x), recorder.scalar('float32', 0)]);
    const values = [recorder.scalar('float32', 1), recorder.scalar('float32', alpha as number)];
    return recorder.output(recorder.graph.addOne('Where', [above, ...values]), x.shape, x.dtype);
  },
  Cast: (recorder, inputs, { dtype }) => {
    const x = input(inputs, 'x');
    if (x.dtype === dtype) return recorder.alias(x, x.shape);
    const to = { float32: 1, int32: 6, bool: 9 }[dtype as string];
    if (to === undefined) throw new Error(`cannot cast to ${String(dtype)}: expected float32, int32 or bool`);
    const name = recorder.graph.addOne('Cast', [recorder.operand(x)], { to });
    return recorder.output(name, x.shape, dtype as string, recorder.operandShape(x));
  },
  ZerosLike: (recorder, inputs) => recorder.filled(0, input(inputs, 'x').shape, input(inputs, 'x').dtype),
  OnesLike: (recorder, inputs) => recorder.filled(1, input(inputs, 'x').shape, input(inputs, 'x').dtype),
  Fill: (recorder, _inputs, { shape, value, dtype }) =>
    recorder.filled(value as number, shape as number[], (dtype as string | undefined) ?? 'float32'),
  Identity: (recorder, inputs) => {
    const x = input(inputs, 'x');
    return recorder.alias(x, x.shape);
  },
  Softmax: (recorder, inputs, { dim }) => {
    const x = input(inputs, 'logits');
    return recorder.output(
      recorder.graph.addOne('Softmax', [recorder.name(x)], { axis: dim as number }),
      x.shape,
      x.dtype,
    );
  },
  LogSoftmax: (recorder, inputs, { axis }) => {
    const x = input(inputs, 'logits');
    return recorder.output(
      recorder.graph.addOne('LogSoftmax', [recorder.name(x)], { axis: axis as number }),
      x.shape,
      x.dtype,
    );
  },
};
