/**
 * How the last hidden state of a text, [S, D], becomes one vector, [D]. To add a kind: an entry here; the settings and
 * their help take it from this list.
 */
import type { Tensor } from '@tensorflow/tfjs';

/** Texts in a graph, padded on either side. */
export interface PlacedTexts {
  /** [B, S]: 1 at a token, 0 at padding. */
  mask: Tensor;
  /** [B, S]: 0 at the first token of each text; at padding some other number than those of tokens. */
  place: Tensor;
  /** [B, 1] */
  length: Tensor;
}

export interface Pooling {
  /** What it takes, for people. */
  description: string;
  /** The share of each token of a text of `length` tokens; padding gets 0. */
  weights(length: number): ArrayLike<number>;
  /** The same for texts in a graph, [B, S]. */
  weightsInGraph(texts: PlacedTexts): Tensor;
  /**
   * The weighted sum of the tokens, unless given.
   *
   * @param hidden [B, S, D]  @param weights [B, 1, S], 0 on padding  @returns [B, 1, D]
   */
  pool?(hidden: Tensor, weights: Tensor): Tensor;
}

const isPlace = (place: Tensor, wanted: Tensor | number): Tensor => place.equal(wanted).cast('float32');

const oneToken = (length: number, token: number): Float32Array => {
  const weights = new Float32Array(length);
  weights[token] = 1;
  return weights;
};

export const POOLINGS = kinds({
  mean: {
    description: 'the mean of all tokens',
    weights: (length) => new Float32Array(length).fill(1 / length),
    weightsInGraph: ({ mask, length }) => mask.div(length),
  },
  last: {
    description: 'the last token, which alone sees the whole text under a causal mask',
    weights: (length) => oneToken(length, length - 1),
    weightsInGraph: ({ place, length }) => isPlace(place, length.sub(1)),
  },
  cls: {
    description: 'the first token',
    weights: (length) => oneToken(length, 0),
    weightsInGraph: ({ place }) => isPlace(place, 0),
  },
  max: {
    description: 'the greatest value of each dimension',
    weights: (length) => new Float32Array(length).fill(1),
    weightsInGraph: ({ mask }) => mask,
    pool: (hidden, weights) => greatest(hidden, weights),
  },
  weighted_mean: {
    description: 'the mean of all tokens, each weighted by its place: later tokens of a causal model have seen more',
    weights: (length) => Float32Array.from({ length }, (_, i) => (2 * (i + 1)) / (length * (length + 1))),
    weightsInGraph: ({ mask, place, length }) =>
      mask
        .mul(place.add(1))
        .mul(2)
        .div(length.mul(length.add(1))),
  },
  mean_sqrt_len: {
    description: 'the sum of all tokens, divided by the square root of their number',
    weights: (length) => new Float32Array(length).fill(1 / Math.sqrt(length)),
    weightsInGraph: ({ mask, length }) => mask.div(length.sqrt()),
  },
});

/** Keeps the names as types, and no more of the entries than {@link Pooling}. */
function kinds<Name extends string>(entries: Record<Name, Pooling>): Readonly<Record<Name, Pooling>> {
  return entries;
}

/** The greatest of the tokens with a weight, for each dimension: [B, S, D] and [B, 1, S] to [B, 1, D]. */
function greatest(hidden: Tensor, weights: Tensor): Tensor {
  const [batch, sequence] = hidden.shape as [number, number, number];
  const isToken = weights.reshape([batch, sequence, 1]);
  // padding falls far below any hidden state
  return hidden.mul(isToken).add(isToken.sub(1).mul(1e30)).max(1, true);
}

export type PoolingName = keyof typeof POOLINGS;
export const POOLING_NAMES = Object.keys(POOLINGS) as PoolingName[];

/** The share of each token of a text, by its length. */
export function poolingWeights(name: PoolingName): Pooling['weights'] {
  return POOLINGS[name].weights;
}

/** The kinds with what they take, for the help of a command. */
export function poolingHelp(): string {
  return POOLING_NAMES.map((name) => `${name} (${POOLINGS[name].description})`).join('; ');
}

/** Tokens of the last hidden state [N, D] to one vector for each text [B, D]. @param weights [B, 1, S] */
export function poolHidden(hidden: Tensor, weights: Tensor, name: PoolingName): Tensor {
  const { pool }: Pooling = POOLINGS[name];
  const [batch, , sequence] = weights.shape as [number, number, number];
  const width = hidden.shape[1] as number;
  const tokens = hidden.reshape([batch, sequence, width]);
  return (pool ? pool(tokens, weights) : weights.matMul(tokens)).reshape([batch, width]);
}
