/**
 * Mixed precision for the tensorflow backend (Micikevicius et al., 2018, arXiv:1710.03740, with bfloat16 in the place of
 * float16: its range is that of float32, so no loss has to be scaled; Kalamkar et al., 2019, arXiv:1905.12322).
 *
 * tfjs knows no bfloat16. Here a bfloat16 tensor travels as one of dtype "float32" whose native tensor has the other
 * type; the model's source does not change, nor do the gradients that tfjs makes of it. What decides are the operands:
 *
 *   all in float32           float32: the loss, the search
 *   one in bfloat16          bfloat16: whatever meets a frozen weight. The other operands, such as adapters with float32
 *                            masters, are rounded for this op
 *   ACCUMULATING ops         float32: sums and means over bfloat16 (the statistics of norms), and the products of
 *                            attention, whose scores reach the thousands in Qwen2, where bfloat16 resolves 4 to 8
 *
 * Rounded operands of a float32 product lose nothing when the GPU multiplies in TF32 (10 bits), so attention in float32
 * still runs on tensor cores. Products of genuine float32 matrices would lose bits there; see `exactProducts`.
 */
import { engine, getKernel, type KernelConfig, registerKernel, type Tensor, unregisterKernel } from '@tensorflow/tfjs';
import {
  type Attribute,
  BFLOAT16,
  FLOAT32,
  FLOAT64,
  type NativeBackend,
  type NativeTensor,
  TENSORFLOW_BACKEND,
  UINT8,
} from './native-backend.js';

export interface MixedPrecision {
  /** A tensor from the bits of bfloat16 numbers, without conversion. */
  fromBits(bits: Uint16Array, shape: number[]): Tensor;
  isBfloat16(tensor: Tensor): boolean;
}

export interface MixedPrecisionOptions {
  /** Multiply float32 matrices in float64, because float32 ones would be multiplied in TF32. */
  exactProducts: boolean;
}

/** Ops that give float32 whatever they are given. Products count only with a batch dimension: those are attention's. */
const ACCUMULATING = new Set(['Sum', 'Mean', 'Square', 'Pow', 'SquaredDifference', 'Softmax', 'LogSoftmax']);
const PRODUCT = 'BatchMatMulV2';

/** Ops whose operands are cast first, on native tensors. */
function typedExecution(backend: NativeBackend) {
  const { binding } = backend;
  const typeOf = (tensor: Tensor): number => backend.tensorMap.get(tensor.dataId).dtype;
  const isBfloat16 = (tensor: Tensor): boolean => typeOf(tensor) === BFLOAT16;
  const castNative = (id: number, to: number): NativeTensor =>
    binding.executeOp(
      'Cast',
      [
        // the source type is inferred from the operand
        { name: 'DstT', type: binding.TF_ATTR_TYPE, value: to },
        { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false },
      ],
      [id],
      1,
    )[0] as NativeTensor;

  /** Runs an op by numbers, its float operands cast to a type; everything made on the way is deleted. */
  function executeIn(type: number, name: string, attributes: Attribute[], inputs: Tensor[], outputs: number) {
    const cast: number[] = [];
    try {
      const ids = backend.getInputTensorIds(inputs).map((id, i) => {
        const from = typeOf(inputs[i] as Tensor);
        if (from === type || (from !== FLOAT32 && from !== BFLOAT16)) return id;
        const { id: replacement } = castNative(id, type);
        cast.push(replacement);
        return replacement;
      });
      const typed = attributes.map((attribute) =>
        attribute.type === binding.TF_ATTR_TYPE && attribute.value === FLOAT32
          ? { ...attribute, value: type }
          : attribute,
      );
      return binding.executeOp(name, typed, ids, outputs);
    } finally {
      for (const id of cast) binding.deleteTensor(id);
    }
  }

  return { isBfloat16, castNative, executeIn };
}

/** Teaches the backend bfloat16. Once a backend. */
export function installMixedPrecision(
  backend: NativeBackend,
  { exactProducts }: MixedPrecisionOptions,
): MixedPrecision {
  const { binding } = backend;
  const original = {
    createOutputTensor: backend.createOutputTensor.bind(backend),
    readSync: backend.readSync.bind(backend),
    executeSingleOutput: backend.executeSingleOutput.bind(backend),
    executeMultipleOutputs: backend.executeMultipleOutputs.bind(backend),
  };
  const { isBfloat16, castNative, executeIn } = typedExecution(backend);

  function execute(name: string, attributes: Attribute[], inputs: Tensor[], outputs: number): Tensor[] | undefined {
    if (name === 'Cast') return undefined;
    const anyBfloat16 = inputs.some((tensor) => 'dataId' in tensor && isBfloat16(tensor));
    const isProduct = name === PRODUCT;
    if (anyBfloat16) {
      const wide = ACCUMULATING.has(name) || (isProduct && inputs.some((tensor) => tensor.shape.length > 2));
      return executeIn(wide ? FLOAT32 : BFLOAT16, name, attributes, inputs, outputs).map((output) =>
        backend.createOutputTensor(output),
      );
    }
    if (isProduct && exactProducts && inputs.every((tensor) => tensor.shape.length === 2)) {
      const [product] = executeIn(FLOAT64, name, attributes, inputs, 1) as [NativeTensor];
      try {
        return [original.createOutputTensor(castNative(product.id, FLOAT32))];
      } finally {
        binding.deleteTensor(product.id);
      }
    }
    return undefined;
  }

  backend.createOutputTensor = (output) => {
    if (output.dtype !== BFLOAT16) return original.createOutputTensor(output);
    const dataId = {};
    backend.tensorMap.set(dataId, { ...output, values: null, refCount: 1 });
    return engine().makeTensorFromTensorInfo({ dataId, shape: output.shape, dtype: 'float32' });
  };
  backend.readSync = (dataId) => {
    const entry = backend.tensorMap.get(dataId);
    if (entry?.dtype !== BFLOAT16) return original.readSync(dataId);
    const { id } = castNative(entry.id, FLOAT32);
    try {
      return binding.tensorDataSync(id);
    } finally {
      binding.deleteTensor(id);
    }
  };
  backend.executeSingleOutput = (name, attributes, inputs) =>
    execute(name, attributes, inputs, 1)?.[0] ?? original.executeSingleOutput(name, attributes, inputs);
  backend.executeMultipleOutputs = (name, attributes, inputs, outputs) =>
    execute(name, attributes, inputs, outputs) ?? original.executeMultipleOutputs(name, attributes, inputs, outputs);
  keepTypeOnCastToItself(backend);

  return {
    isBfloat16,
    fromBits(bits, shape) {
      const bytes = new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength);
      const id = binding.createTensor([...shape, 2], UINT8, bytes);
      try {
        const type = { name: 'type', type: binding.TF_ATTR_TYPE, value: BFLOAT16 };
        return backend.createOutputTensor(binding.executeOp('Bitcast', [type], [id], 1)[0] as NativeTensor);
      } finally {
        binding.deleteTensor(id);
      }
    },
  };
}

/** Gradients cast to "float32" what tfjs takes for float32 already: as the cast it is meant to be, none. */
function keepTypeOnCastToItself(backend: NativeBackend): void {
  const kernel = getKernel('Cast', TENSORFLOW_BACKEND) as KernelConfig;
  unregisterKernel('Cast', TENSORFLOW_BACKEND);
  registerKernel({
    ...kernel,
    kernelFunc: (call) => {
      const { x } = call.inputs as { x: Tensor };
      if (x.dtype !== (call.attrs as unknown as { dtype: string }).dtype) return kernel.kernelFunc(call);
      backend.incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
}
