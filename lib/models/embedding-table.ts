/**
 * The token embeddings of a model, kept in the type they are stored in: for Qwen2.5-0.5B 272 MB in bfloat16 instead of
 * 545 MB in float32. A look-up widens the rows it returns.
 */

import { UserError } from '../core/errors.js';
import { agreeing, quantity } from '../core/quantity.js';
import { bfloat16ToFloat32, float16ToFloat32 } from '../files/float-formats.js';

export class EmbeddingTable {
  /**
   * @param data [vocabularySize, hiddenSize], 16-bit floats as their bits
   * @throws UserError where the data has another size
   */
  constructor(
    readonly vocabularySize: number,
    readonly hiddenSize: number,
    readonly type: 'BF16' | 'F16' | 'F32',
    readonly data: Uint16Array | Float32Array,
  ) {
    if (data.length !== vocabularySize * hiddenSize || data instanceof Float32Array !== (type === 'F32')) {
      throw new UserError(
        `an embedding table [${vocabularySize}, ${hiddenSize}] in ${type} can't be made of ${quantity(data.length, 'values')} in ${data.constructor.name}`,
      );
    }
  }

  /**
   * The rows of some tokens.
   *
   * @param tokenIds [n]  @param out [n * hiddenSize], for reuse  @returns [n, hiddenSize]
   * @throws UserError for an id outside of the vocabulary
   */
  lookup(tokenIds: Int32Array, out: Float32Array = new Float32Array(tokenIds.length * this.hiddenSize)): Float32Array {
    const { vocabularySize, hiddenSize, data } = this;
    if (out.length !== tokenIds.length * hiddenSize) {
      throw new UserError(
        `${quantity(tokenIds.length, 'rows')} of ${hiddenSize} ${agreeing(tokenIds.length, 'does', 'do')} not fit an output of ${quantity(out.length, 'values')}`,
      );
    }
    const widen = this.type === 'BF16' ? bfloat16ToFloat32 : float16ToFloat32;
    for (let i = 0; i < tokenIds.length; i++) {
      const id = tokenIds[i]!;
      if (id < 0 || id >= vocabularySize) {
        throw new UserError(
          `token id ${id} is outside of the vocabulary of ${vocabularySize}: the tokenizer and the weights are of different models`,
        );
      }
      const row = data.subarray(id * hiddenSize, (id + 1) * hiddenSize);
      const target = out.subarray(i * hiddenSize, (i + 1) * hiddenSize);
      if (row instanceof Uint16Array) widen(row, target);
      else target.set(row);
    }
    return out;
  }

  /** Memory of the table, in bytes. */
  get byteLength(): number {
    return this.data.byteLength;
  }
}
