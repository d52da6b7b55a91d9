/**
 * A second form of an encoder, for those that treat a text as a bag of tokens: one layer, in which all heads attend alike
 * and positions do not matter. What such a layer computes from is known of each token alone:
 *
 *   hidden[i] = row[i] + sum over j of share[i, j] * added[j],   share[i, .] = softmax over j of query[i] . key[j]
 *
 * with row, query, key and added = o_proj(v_proj(norm(row))) looked up by token. Tokens that occur n times are one token
 * whose score is raised by log n, so that the layer works on the distinct tokens of a text.
 *
 *   n tokens, D hidden size, E width of a query and of a key
 */
import type { Tensor } from '@tensorflow/tfjs';
import type { EmbeddingTable } from './embedding-table.js';
import type { LinearOptions, Parameters } from './layers/linear.js';

/** What the layer knows of tokens. */
export interface TokenValues {
  /** [n, E], scaled such that a score is its product with a key. */
  query: Tensor;
  /** [n, E] */
  key: Tensor;
  /** [n, D]: what a token adds to the tokens that look at it with all of their attention. */
  added: Tensor;
}

/** The weights that a form is checked on. */
export interface CheckedWeights {
  table: EmbeddingTable;
  /** A parameter by its full name, in float32. */
  read(name: string): Promise<Float32Array>;
}

/** @typeParam Config what the architecture's own file says of a model */
export interface TokenForm<Config> {
  /** Linear modules that an adapter may be on: those that queries and keys do not depend on. */
  readonly adaptable: readonly string[];
  /** Width E of a query and of a key. */
  queryWidth(config: Config): number;
  /**
   * Why the form would not compute what the layers compute; null where it does, up to a relative error of the shares of
   * attention that the implementation states.
   */
  refusal(config: Config, weights: CheckedWeights): Promise<string | null>;
  /** @param rows of the token table [n, D]  @param parameters by full names, with their adapters */
  values(rows: Tensor, parameters: Parameters, config: Config, options: LinearOptions): TokenValues;
}
