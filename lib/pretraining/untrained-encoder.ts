/**
 * An encoder that retrieves before any training, from texts alone: tokenizer, embeddings from co-occurrence, layers that
 * pass their input through. The base that pre-training starts from, and the one that the experiment fine-tunes.
 */
import type { Reporting } from '../events.js';
import type { BytePairTraining } from './byte-pair-training.js';
import { tokenizeCorpus } from './corpus.js';
import { identityLayers } from './identity-layers.js';
import { contentVectors, withSinkDimension } from './initial-embeddings.js';
import type { Qwen2Shape, Weight } from './model-folder.js';
import { countTokens } from './sparse-matrix.js';
import { END_OF_TEXT } from './tokenizer-files.js';

export interface UntrainedEncoder {
  shape: Qwen2Shape;
  tokenizer: BytePairTraining;
  /** By their names in the checkpoint. */
  weights: Record<string, Weight>;
  /** Token vectors without the sink [vocabularySize, hiddenSize - 1], lengths <= 1. */
  content: Float64Array;
}

/** Weights of the two directions and exponent of the lengths; see `ContentOptions`. */
export interface ContentMixture {
  cooccurrence: number;
  random: number;
  idfExponent: number;
}

/**
 * @param papers titles and abstracts; a paper is one document of the co-occurrence analysis
 * @throws WorkError where the papers have fewer independent directions than the embeddings have dimensions
 */
export function untrainedEncoder(
  papers: readonly { title: string; abstract: string }[],
  options: { shape: Qwen2Shape; mixture: ContentMixture; seed: number },
  reporting: Reporting = {},
): UntrainedEncoder {
  const { shape, mixture, seed } = options;
  const { tokenizer, ids } = tokenizeCorpus(
    papers.flatMap(({ title, abstract }) => [title, abstract]),
    { vocabularySize: shape.vocabularySize, specialTokens: [END_OF_TEXT] },
    reporting,
  );
  const documents = papers.map((_, i) => Uint16Array.of(...ids[2 * i]!, ...ids[2 * i + 1]!));
  const width = shape.hiddenSize - 1;
  const content = contentVectors(countTokens(documents, shape.vocabularySize), { ...mixture, width, seed }, reporting);
  // The special token means nothing: it is all sink.
  content.fill(0, 0, width);
  const finalNorm = new Float32Array(shape.hiddenSize).fill(1);
  finalNorm[width] = 0;
  const weights: Record<string, Weight> = {
    'embed_tokens.weight': {
      shape: [shape.vocabularySize, shape.hiddenSize],
      data: withSinkDimension(content, width, shape.hiddenSize),
    },
    ...identityLayers(shape, seed),
    'norm.weight': { shape: [shape.hiddenSize], data: finalNorm },
  };
  return { shape, tokenizer, weights, content };
}
