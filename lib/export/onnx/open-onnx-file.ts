/** An exported ONNX file, run as its users run it, to measure what it gives. */
import { normalizeRowsInPlace } from '../../core/rows.js';
import type { EmbeddingFunction } from '../target.js';

/** Tokens of a batch, padding included. */
const TOKEN_BUDGET = 8192;

export async function openOnnxFile(path: string): Promise<EmbeddingFunction> {
  // the native library is only loaded by those who measure
  const { InferenceSession, Tensor } = await import('onnxruntime-node');
  const session = await InferenceSession.create(path, { logSeverityLevel: 3 });
  const embedBatch = async (texts: readonly Int32Array[]): Promise<Float32Array> => {
    const sequence = Math.max(...texts.map(({ length }) => length));
    const dims = [texts.length, sequence];
    const ids = new BigInt64Array(texts.length * sequence);
    const mask = new BigInt64Array(texts.length * sequence);
    texts.forEach((text, row) => {
      text.forEach((id, i) => {
        ids[row * sequence + i] = BigInt(id);
        mask[row * sequence + i] = 1n;
      });
    });
    const feeds = { input_ids: new Tensor('int64', ids, dims), attention_mask: new Tensor('int64', mask, dims) };
    const { sentence_embedding: found } = await session.run(feeds, ['sentence_embedding']);
    return found?.data as Float32Array;
  };
  return {
    async embed(texts) {
      const order = texts.map((_, i) => i).sort((a, b) => texts[a]!.length - texts[b]!.length);
      let out: Float32Array | undefined;
      for (let start = 0; start < order.length; ) {
        let end = start + 1;
        while (end < order.length && (end + 1 - start) * texts[order[end]!]!.length <= TOKEN_BUDGET) end++;
        const members = order.slice(start, end);
        const rows = await embedBatch(members.map((i) => texts[i] as Int32Array));
        const width = rows.length / members.length;
        out ??= new Float32Array(texts.length * width);
        for (const [row, i] of members.entries()) out.set(rows.subarray(row * width, (row + 1) * width), i * width);
        start = end;
      }
      const all = out ?? new Float32Array();
      return normalizeRowsInPlace(all, all.length / Math.max(1, texts.length));
    },
    close: () => session.release(),
  };
}
