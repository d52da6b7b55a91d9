/**
 * Matrix products. Transposes are written out as nodes: ONNX Runtime fuses them into the product by itself, and a
 * standard operator runs on every execution provider, which its fused form does not.
 */
import { halfProduct } from '../half-products.js';
import { THIN } from '../joined-products.js';
import { quantizedBackward, quantizedForward } from '../quantized-products.js';
import { broadcastShape, input, type KernelTable } from './kernel.js';

/**
 * Columns up to which a batch of a^T b is computed as (b^T a)^T: ONNX Runtime copies what it has to transpose, and of the
 * gradients of keys and values that is then a head's width instead of all weights. They take a fifth less time.
 */
const NARROW = 128;

export const matmulKernels: KernelTable = {
  BatchMatMul: (recorder, inputs, { transposeA, transposeB }) => {
    const a = input(inputs, 'a');
    const b = input(inputs, 'b');
    const rows = a.shape.at(transposeA ? -1 : -2) as number;
    const columns = b.shape.at(transposeB ? -2 : -1) as number;
    const shape = [...broadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
    const oriented = (name: string, rank: number, transpose: unknown): string => {
      if (!transpose) return name;
      const perm = [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2];
      return recorder.graph.addOne('Transpose', [name], { perm });
    };
    const quantized = recorder.quantizedWeight(b);
    if (quantized) {
      const rowsName = oriented(recorder.name(a), a.shape.length, transposeA);
      const product = transposeB ? quantizedForward : quantizedBackward;
      return recorder.output(product(recorder.graph, rowsName, quantized), shape, a.dtype);
    }
    const isKnown = (size: number): boolean => !recorder.graph.symbols.isSymbolic(size);
    const isHalf = recorder.precision === 'float16' && recorder.isFrozenWeight(b);
    if (transposeA && !isHalf && shape.length > 2 && isKnown(columns) && columns <= NARROW) {
      const left = oriented(recorder.name(b), b.shape.length, !transposeB);
      const turned = recorder.graph.addOne('MatMul', [left, recorder.name(a)]);
      return recorder.output(oriented(turned, shape.length, true), shape, a.dtype);
    }
    const left = oriented(recorder.name(a), a.shape.length, transposeA);
    const right = oriented(recorder.name(b), b.shape.length, transposeB);
    const product = isHalf ? halfProduct(recorder.graph, left, right) : recorder.graph.addOne('MatMul', [left, right]);
    const inner = a.shape.at(transposeA ? -2 : -1) as number;
    const isFew = (size: number): boolean => size <= THIN && isKnown(size);
    if (recorder.hasQuantizedWeights && shape.length === 2 && b.shape.length === 2) {
      if (isFew(inner)) recorder.graph.thinProducts.add(product);
      if (isFew(rows) || isFew(columns)) recorder.graph.narrowProducts.add(product);
    }
    return recorder.output(product, shape, a.dtype);
  },
};
