/**
 * ONNX files in the layout of @huggingface/transformers: `onnx/model.onnx` and its lighter relatives, with pooling and
 * normalization inside. One folder holds all precisions; whoever loads it takes one (`dtype: 'fp16'`).
 */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { encoderGraph, encoderWeights } from '../onnx/encoder-graph.js';
import { forwardGraph } from '../onnx/forward-graph.js';
import { INLINE_LIMIT, writeOnnxFile } from '../onnx/model-file.js';
import { openOnnxFile } from '../onnx/open-onnx-file.js';
import { ONNX_PRECISIONS, type OnnxPrecision } from '../onnx/stored-weights.js';
import type { ExportSource } from '../source.js';
import type { ExportedVariant, ExportTarget } from '../target.js';
import { copyTokenizer, exportedConfig, writeConfig } from '../transformer-files.js';

/** Files by the `dtype` that @huggingface/transformers loads them for: fp32, fp16, q8. */
const FILE_NAMES: Readonly<Record<OnnxPrecision, string>> = {
  f32: 'model',
  f16: 'model_fp16',
  int8: 'model_quantized',
};

export const onnxTarget: ExportTarget = {
  name: 'onnx',
  description: 'ONNX with pooling and normalization inside, as @huggingface/transformers and ONNX Runtime load it',
  precisions: ONNX_PRECISIONS,
  several: true,
  library: 'transformers.js',
  check(source) {
    forwardGraph(encoderGraph(source));
  },
  async write(folder, source, { precisions, shardBytes, results: _, ...reporting }) {
    await mkdir(join(folder, 'onnx'));
    const variants: ExportedVariant[] = [];
    const external: Record<string, boolean> = {};
    for (const precision of precisions as OnnxPrecision[]) {
      const written = await writeOnnxFile(join(folder, 'onnx'), FILE_NAMES[precision], {
        ...encoderGraph(source),
        weights: encoderWeights(source, reporting),
        precision,
        inlineLimit: Math.min(shardBytes, INLINE_LIMIT),
      });
      if (written.external) external[written.file] = true;
      const file = `onnx/${written.file}`;
      const files = written.external ? [file, `${file}_data`] : [file];
      const sizes = await Promise.all(files.map((name) => stat(join(folder, name))));
      variants.push({
        precision,
        files,
        bytes: sizes.reduce((sum, { size }) => sum + size, 0),
        open: (out) => openOnnxFile(join(out, file)),
      });
    }
    await writeConfig(folder, source.folder, {
      ...(await baseConfig(source)),
      ...(Object.keys(external).length > 0 ? { 'transformers.js_config': { use_external_data_format: external } } : {}),
    });
    // the last token of every row is then that of its text, which is what `pooling: 'last_token'` takes
    const left = source.use.pooling === 'last' && source.config.modelType.startsWith('qwen');
    await copyTokenizer(source, folder, left ? { padding_side: 'left' } : {});
    return variants;
  },
};

/** The graph itself says which tokens see each other, so that a config.json which cannot is no obstacle. */
async function baseConfig(source: ExportSource): Promise<Record<string, unknown>> {
  return exportedConfig({ ...source, use: { ...source.use, causal: source.config.causal } }, 'f32');
}
