/** The distinct tokens of a text, for encoders that treat a text as a bag of tokens. */
import { UserError } from '../../core/errors.js';

/** U distinct tokens of a text, in the order in which they first occur. */
export interface DistinctText {
  /** [U] */
  ids: Int32Array;
  /** [U]: the position where each occurs first. */
  firsts: Int32Array;
  /** [U]: how often each occurs. */
  counts: Int32Array;
  /** [U]: the share of all its occurrences in the pooling. */
  weights: Float32Array;
}

export class DistinctTokens {
  /** Of a text at hand: 1 + the place of each token among its distinct ones, 0 for all others. */
  private readonly placeOf: Int32Array;

  /** @param weightsOf the share of each token of a text of some length */
  constructor(
    private readonly vocabularySize: number,
    private readonly weightsOf: (length: number) => ArrayLike<number>,
  ) {
    this.placeOf = new Int32Array(vocabularySize);
  }

  /** How many distinct tokens a text has. @throws UserError for a token outside of the vocabulary */
  countOf(text: Int32Array): number {
    const { placeOf } = this;
    this.check(text);
    let distinct = 0;
    for (const id of text) if (placeOf[id] === 0) placeOf[id] = ++distinct;
    for (const id of text) placeOf[id] = 0;
    return distinct;
  }

  /** @throws UserError for a token outside of the vocabulary */
  of(text: Int32Array): DistinctText {
    const { placeOf } = this;
    this.check(text);
    const ids: number[] = [];
    const firsts: number[] = [];
    text.forEach((id, position) => {
      if (placeOf[id] !== 0) return;
      placeOf[id] = ids.push(id);
      firsts.push(position);
    });
    const counts = new Int32Array(ids.length);
    const weights = new Float32Array(ids.length);
    const shares = this.weightsOf(text.length);
    for (let i = 0; i < text.length; i++) {
      const place = (placeOf[text[i] as number] as number) - 1;
      counts[place]!++;
      weights[place]! += shares[i] as number;
    }
    for (const id of ids) placeOf[id] = 0;
    return { ids: Int32Array.from(ids), firsts: Int32Array.from(firsts), counts, weights };
  }

  /** Before anything is noted, so that what was refused leaves no trace. */
  private check(text: Int32Array): void {
    for (const id of text) {
      if (id >= 0 && id < this.vocabularySize) continue;
      throw new UserError(
        `token id ${id} is outside of the vocabulary of ${this.vocabularySize}: the tokenizer and the weights are of different models`,
      );
    }
  }
}
