/** The encoder in the browser: ONNX Runtime in WebAssembly, on one thread, which needs no headers of the server. */
import type { EmbedQuery } from '../site-search.js';

/**
 * Bytes of a model that is quicker used as it is: to optimize the graph of the small encoders of this package takes a quarter of a
 * second, and saves two milliseconds a query.
 */
const SMALL = 32e6;

/**
 * @param runtime ONNX Runtime as WebAssembly
 * @param model of `export --to onnx`
 */
export async function openEncoder(runtime: Promise<Uint8Array>, model: Promise<Uint8Array>): Promise<EmbedQuery> {
  const { env, InferenceSession, Tensor } = await import('./onnxruntime.mjs');
  env.logLevel = 'error';
  env.wasm.numThreads = 1;
  const binary = await runtime;
  env.wasm.wasmBinary = binary.buffer.slice(binary.byteOffset, binary.byteOffset + binary.length) as ArrayBuffer;
  const graph = await model;
  const session = await InferenceSession.create(graph, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: graph.length < SMALL ? 'disabled' : 'all',
  });
  return async (ids) => {
    const dims = [1, ids.length];
    const feeds = {
      input_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), dims),
      attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), dims),
    };
    const { sentence_embedding: found } = await session.run(feeds, ['sentence_embedding']);
    return found?.data as Float32Array;
  };
}
