/**
 * Matryoshka representation learning (Kusupati et al., 2022, arXiv:2205.13147): a loss is also taken of the first numbers
 * of each embedding, so that a vector may be truncated later at little cost.
 *
 *   loss = mean over lengths m, the full one among them, of inner(queries[:, :m], documents[:, :m])
 *
 * The mean, where sentence-transformers sums: so the loss keeps its scale and the learning rate its meaning, however many
 * lengths there are.
 */

import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { firstColumns } from '../core/rows.js';
import type { Engine } from '../engine/types.js';
import type { Loss, LossFactory, LossResult } from './loss.js';

/**
 * Any loss, also taken of truncated embeddings.
 *
 * @param inner the loss of each length
 * @param lengths to train beside the full one; none: the inner loss itself
 * @throws UserError for a loss of whole embeddings alone; when it is made for embeddings that lack a length
 */
export function matryoshkaLoss(inner: LossFactory, lengths: readonly number[]): LossFactory {
  if (lengths.length === 0) return inner;
  if (inner.wholeOnly) {
    throw new UserError(
      `training.matryoshkaDimensions = [${lengths}]: the loss "${inner.name}" cannot be taken of truncated embeddings; set it to []`,
    );
  }
  return {
    name: `Matryoshka of ${inner.name}`,
    settings: { lengths, inner: { name: inner.name, settings: inner.settings } },
    ...(inner.scored === undefined ? {} : { scored: inner.scored }),
    ...(inner.needs === undefined ? {} : { needs: inner.needs }),
    create: (engine, dimensions) => createMatryoshkaLoss(inner, lengths, engine, dimensions),
  };
}

async function createMatryoshkaLoss(
  inner: LossFactory,
  lengths: readonly number[],
  engine: Engine,
  dimensions: number,
): Promise<Loss> {
  const tooLong = lengths.find((length) => length > dimensions);
  if (tooLong !== undefined) {
    throw new UserError(
      `training.matryoshkaDimensions has ${tooLong}, the embeddings have ${quantity(dimensions, 'dimensions')}: expected shorter lengths`,
    );
  }
  const shorter = [...new Set(lengths)].filter((length) => length < dimensions).sort((a, b) => b - a);
  const whole = await inner.create(engine, dimensions);
  if (shorter.length === 0) return whole;
  const parts = [{ length: dimensions, loss: whole }];
  for (const length of shorter) parts.push({ length, loss: await inner.create(engine, length) });

  return {
    async compute(queries, documents, batch) {
      const sum: LossResult = {
        loss: 0,
        queryGradient: new Float32Array(queries.length),
        documentGradient: new Float32Array(documents.length),
      };
      for (const { length, loss } of parts) {
        const part = await loss.compute(
          firstColumns(queries, dimensions, length),
          firstColumns(documents, dimensions, length),
          batch,
        );
        sum.loss += part.loss / parts.length;
        addColumns(sum.queryGradient, part.queryGradient, dimensions, length, 1 / parts.length);
        addColumns(sum.documentGradient, part.documentGradient, dimensions, length, 1 / parts.length);
        if (length !== dimensions) continue;
        if (part.masked !== undefined) sum.masked = part.masked;
        // all lengths see the same documents
        if (part.chance !== undefined) sum.chance = part.chance;
      }
      return sum;
    },
    async dispose() {
      for (const { loss } of parts) await loss.dispose();
    },
  };
}

/** total[:, :length] += part * factor, for total [n, d] and part [n, length]. */
function addColumns(total: Float32Array, part: Float32Array, d: number, length: number, factor: number): void {
  for (let at = 0; at < part.length; at++) {
    const to = Math.floor(at / length) * d + (at % length);
    total[to] = (total[to] as number) + (part[at] as number) * factor;
  }
}
