/** An exported encoder as the writer of ONNX files takes it: how it is traced, and its weights. */
import type { Reporting } from '../../core/events.js';
import { denseNames } from '../../models/base-model.js';
import { encoderTensorShapes } from '../../models/parameters.js';
import { readDenseWeights } from '../../models/sentence/dense-step.js';
import type { EncoderTensor } from '../../models/weights.js';
import { mergedWeights } from '../merged-weights.js';
import type { ExportSource } from '../source.js';
import type { ForwardGraphOptions } from './forward-graph.js';

/** How the encoder that is exported is traced. */
export function encoderGraph({ config, sentence, use }: ExportSource): ForwardGraphOptions {
  const shapes = encoderTensorShapes(config);
  for (const [i, step] of sentence.dense.entries()) {
    const { weight, bias } = denseNames(step, i);
    shapes.set(weight, [step.outputs, step.inputs]);
    if (bias) shapes.set(bias, [step.outputs]);
  }
  return {
    config,
    pooling: use.pooling,
    dense: sentence.dense,
    options: { adapterScale: 0 },
    causal: use.causal,
    normalize: use.normalize,
    shapes,
  };
}

/** All of its weights in 32 bits, with the adapter merged into them. */
export async function* encoderWeights(
  { folder, config, adapter, sentence }: ExportSource,
  reporting: Reporting,
): AsyncGenerator<EncoderTensor> {
  yield* mergedWeights(folder, config, adapter, reporting);
  for (const [i, step] of sentence.dense.entries()) {
    const { weight, bias } = await readDenseWeights(folder, step);
    const names = denseNames(step, i);
    yield { name: names.weight, ...weight };
    if (bias && names.bias) yield { name: names.bias, ...bias };
  }
}
