/**
 * Matryoshka representation learning (Kusupati et al., 2022, arXiv:2205.13147): the loss is also taken of the first
 * numbers of each embedding, so that a vector may be cut short later at little cost.
 *
 *   loss = mean over lengths m, the full one among them, of InfoNCE(queries[:, :m], documents[:, :m])
 *
 * The mean, where sentence-transformers sums: so the loss keeps its scale and the learning rate its meaning, however many
 * lengths there are.
 */

import { UserError } from '../core/errors.js';
import { firstColumns } from '../core/rows.js';
import type { Engine } from '../engine/types.js';
import { createInfoNceLoss, type InfoNceLoss, type InfoNceOptions } from './info-nce.js';

export interface MatryoshkaOptions extends InfoNceOptions {
  /** Lengths to train beside the full one; none: plain InfoNCE. */
  lengths: readonly number[];
}

/** @throws UserError for a length that the embeddings do not have */
export async function createMatryoshkaLoss(engine: Engine, options: MatryoshkaOptions): Promise<InfoNceLoss> {
  const { lengths, ...infoNce } = options;
  const { dimensions } = infoNce;
  const tooLong = lengths.find((length) => length > dimensions);
  if (tooLong !== undefined) {
    throw new UserError(
      `training.matryoshkaDimensions has ${tooLong}, the embeddings have ${dimensions} dimensions: expected shorter lengths`,
    );
  }
  const shorter = [...new Set(lengths)].filter((length) => length < dimensions).sort((a, b) => b - a);
  const whole = await createInfoNceLoss(engine, infoNce);
  if (shorter.length === 0) return whole;
  const parts = [{ length: dimensions, loss: whole }];
  for (const length of shorter) {
    parts.push({ length, loss: await createInfoNceLoss(engine, { ...infoNce, dimensions: length }) });
  }

  return {
    async compute(queries, documents) {
      const sum = {
        loss: 0,
        queryGradient: new Float32Array(queries.length),
        documentGradient: new Float32Array(documents.length),
        masked: 0,
      };
      for (const { length, loss } of parts) {
        const part = await loss.compute(
          firstColumns(queries, dimensions, length),
          firstColumns(documents, dimensions, length),
        );
        sum.loss += part.loss / parts.length;
        addColumns(sum.queryGradient, part.queryGradient, dimensions, length, 1 / parts.length);
        addColumns(sum.documentGradient, part.documentGradient, dimensions, length, 1 / parts.length);
        if (length === dimensions) sum.masked = part.masked;
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
