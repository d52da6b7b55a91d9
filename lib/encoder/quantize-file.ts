/** The last step of an encoding in few bits: rows in full precision, once all are there, become codes. */

import { rm } from 'node:fs/promises';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import {
  type EmbeddingPrecision,
  isScalar,
  type QuantizationRanges,
  quantizationRanges,
  quantizeRows,
} from '../core/quantization.js';
import { embeddingVectors, readEmbeddings, writeEmbeddings } from '../files/embeddings.js';

/** Fewer texts give ranges that others fall out of. */
const ENOUGH_TO_CALIBRATE = 100;

/**
 * The ranges of a file that the caller names; null where the texts themselves calibrate, or nothing needs to be.
 *
 * @throws UserError before any work: for embeddings of another length, for one text alone, or for a precision without ranges
 */
export async function givenRanges(
  { calibration }: { calibration?: string },
  precision: EmbeddingPrecision,
  dimensions: number,
  texts: number,
): Promise<QuantizationRanges | null> {
  if (!isScalar(precision)) {
    if (calibration === undefined) return null;
    throw new UserError(
      `--calibrate-with ${calibration}: ${precision} needs no ranges; expected --precision int8 or uint8`,
    );
  }
  if (calibration === undefined) {
    if (texts >= 2) return null;
    throw new UserError(
      `--precision ${precision}: one text cannot calibrate it; give --calibrate-with, the embeddings of the corpus`,
    );
  }
  const stored = await readEmbeddings(calibration);
  if (stored.dimensions !== dimensions) {
    throw new UserError(
      `--calibrate-with ${calibration}: embeddings of ${quantity(stored.dimensions, 'dimensions')}, and these have ${dimensions}`,
    );
  }
  return stored.ranges ?? quantizationRanges(embeddingVectors(stored), dimensions);
}

export interface QuantizeFileOptions extends Pick<Reporting, 'onMessage'> {
  precision: EmbeddingPrecision;
  dimensions: number;
  /** null: those of the rows. */
  ranges: QuantizationRanges | null;
  metadata: Record<string, string>;
}

/** @param from rows in full precision; the file is removed once `to` is written */
export async function quantizeFile(from: string, to: string, options: QuantizeFileOptions): Promise<void> {
  const { precision, dimensions, metadata, onMessage } = options;
  const { codes: vectors, rows } = await readEmbeddings(from);
  let ranges: QuantizationRanges | null = null;
  if (isScalar(precision)) {
    ranges = options.ranges ?? quantizationRanges(vectors as Float32Array, dimensions);
    if (!options.ranges && rows < ENOUGH_TO_CALIBRATE) {
      const text = `${precision} is calibrated on ${quantity(rows, 'texts')}, and others may lie beyond their ranges: better on the corpus (--calibrate-with)`;
      onMessage?.({ level: 'warning', text });
    }
  }
  const codes = quantizeRows(vectors as Float32Array, dimensions, precision, ranges);
  await writeEmbeddings(to, { precision, rows, dimensions, codes, ranges }, metadata);
  await rm(from);
}
