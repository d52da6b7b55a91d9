/**
 * An encoder as a language model is before it learns to retrieve: it knows which tokens keep company (co-occurrence), but
 * not which of them matter, so that in a mean over tokens "the" counts as much as "quasinormal". What matters is what
 * fine-tuning has to add, and does. Nothing in it is trained by gradients, and it has seen no pair of title and abstract.
 */
import type { Reporting } from '../core/events.js';
import { type TrainedTokenizer, tokenizeCorpus } from './corpus.js';
import { identityLayers } from './identity-layers.js';
import { contentVectors, withSinkDimension } from './initial-embeddings.js';
import type { Qwen2Shape, Weight } from './model-folder.js';
import { countTokens } from './sparse-matrix.js';
import { END_OF_TEXT } from './tokenizer-files.js';

export interface BaseEncoder {
  shape: Qwen2Shape;
  tokenizer: TrainedTokenizer;
  /** By their names in the checkpoint. */
  weights: Record<string, Weight>;
  /** Token vectors without the sink [vocabularySize, hiddenSize - 1], lengths <= 1. */
  content: Float64Array;
}

/** Weights of the two directions of a token's content; see `ContentOptions`. */
const MIXTURE = { cooccurrence: 1, random: 0.6 };
/**
 * Length of every token's content, of 1; the sink takes the rest. With less than 1, a layer that shrinks or stretches the
 * content changes what the token counts after the final norm, and so has a way to learn it.
 */
const CONTENT_LENGTH = 0.7;

/**
 * @param papers titles and abstracts; a paper is one document of the co-occurrence analysis
 * @throws WorkError where the papers have fewer independent directions than the embeddings have dimensions
 */
export function baseEncoder(
  papers: readonly { title: string; abstract: string }[],
  options: { shape: Qwen2Shape; seed: number },
  reporting: Reporting = {},
): BaseEncoder {
  const { shape, seed } = options;
  const { tokenizer, ids } = tokenizeCorpus(
    papers.flatMap(({ title, abstract }) => [title, abstract]),
    // endings would count as much as what they end
    { vocabularySize: shape.vocabularySize, specialTokens: [END_OF_TEXT], split: 'words' },
    reporting,
  );
  const documents = papers.map((_, i) => Uint16Array.of(...ids[2 * i]!, ...ids[2 * i + 1]!));
  const width = shape.hiddenSize - 1;
  const counts = countTokens(documents, shape.vocabularySize);
  const unit = contentVectors(counts, { ...MIXTURE, idfExponent: 0, width, seed }, reporting);
  const content = unit.map((value) => value * CONTENT_LENGTH);
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
