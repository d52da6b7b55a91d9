/**
 * An encoder as an ONNX file in one precision. A file of protocol buffers ends at 2 GB: where the weights are larger they
 * lie beside it, in `<name>.onnx_data`, where every runtime of ONNX looks for them.
 */
import { join } from 'node:path';
import type { OnnxConstant, OnnxNode } from '../../engine/tracing/graph.js';
import { writeModel } from '../../engine/tracing/onnx-writer.js';
import { writeFileAtomic } from '../../files/atomic-file.js';
import { elementCount } from '../../files/safetensors.js';
import type { EncoderTensor } from '../../models/weights.js';
import { type ForwardGraphOptions, forwardGraph, weightShapes } from './forward-graph.js';
import { addWeightNodes, type OnnxPrecision, weightStorage } from './stored-weights.js';

export interface OnnxFileOptions extends ForwardGraphOptions {
  /** The token table and all of `shapes`. */
  weights: AsyncIterable<EncoderTensor>;
  precision: OnnxPrecision;
  /** Bytes of weights from which on they lie in a file of their own. */
  inlineLimit: number;
}

/** What was written. */
export interface OnnxFile {
  file: string;
  /** Of the weights, in 8-bit bytes. */
  weightBytes: number;
  /** Whether they lie in a file of their own. */
  external: boolean;
}

/** As much as fits beside the rest of a message of protocol buffers. */
export const INLINE_LIMIT = 2 ** 31 - 2 ** 26;
/** Bytes up to which a value stays in the message: shapes have to, since runtimes read them before any data. */
const SMALL = 256;
/** Where each tensor of external data begins, so that it can be mapped. */
const ALIGNMENT = 4096;
const BYTES: Readonly<Record<OnnxPrecision, number>> = { f32: 4, f16: 2, int8: 1 };

/** @param name of the file, without its ending */
export async function writeOnnxFile(folder: string, name: string, options: OnnxFileOptions): Promise<OnnxFile> {
  const { config, precision, inlineLimit } = options;
  const graph = forwardGraph(options);
  const store = weightStorage(config, precision);
  const file = `${name}.onnx`;
  const numbers = [...weightShapes(options).values()].reduce((sum, shape) => sum + elementCount(shape), 0);
  const external = numbers * BYTES[precision] > inlineLimit;
  const nodes: OnnxNode[] = [];
  let weightBytes = 0;
  const stored = async function* (): AsyncGenerator<OnnxConstant> {
    for await (const weight of options.weights) {
      const made = store(weight);
      nodes.push(...made.nodes);
      for (const constant of made.constants) {
        weightBytes += constant.data.byteLength;
        yield constant;
      }
    }
  };
  if (external) await writeExternalData(join(folder, `${file}_data`), stored(), graph.constants);
  else for await (const constant of stored()) graph.constants.push(constant);
  addWeightNodes(graph, nodes);
  await writeFileAtomic(join(folder, file), writeModel(graph));
  return { file, weightBytes, external };
}

/** Writes the values to the file, and tells of each where it lies. */
async function writeExternalData(
  path: string,
  constants: AsyncIterable<OnnxConstant>,
  told: OnnxConstant[],
): Promise<void> {
  const location = path.split(/[\\/]/).at(-1) as string;
  const pieces = async function* (): AsyncGenerator<Uint8Array> {
    let offset = 0;
    for await (const constant of constants) {
      const { buffer, byteOffset, byteLength } = constant.data;
      if (byteLength <= SMALL) {
        told.push(constant);
        continue;
      }
      const gap = (ALIGNMENT - (offset % ALIGNMENT)) % ALIGNMENT;
      if (gap > 0) yield new Uint8Array(gap);
      offset += gap;
      told.push({ ...constant, data: new Uint8Array(), external: { location, offset, length: byteLength } });
      yield new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
      offset += byteLength;
    }
  };
  await writeFileAtomic(path, pieces());
}
