/** The last step of an encoding, in one process or of shards: rows in full precision, once all are there, become the output. */
import { extname } from 'node:path';
import type { EmbeddingPrecision } from '../core/quantization.js';
import { removeDescription } from '../files/embeddings.js';
import { type QuantizeFileOptions, quantizeFile } from './quantize-file.js';

/** Where the rows go in full precision: codes need the ranges of all texts. */
export function rowsFile(output: string, precision: EmbeddingPrecision): string {
  return precision === 'float32' ? output : `${output}.float32.safetensors`;
}

/** Makes codes of the rows in {@link rowsFile}, where that is asked. */
export async function finishRows(output: string, options: QuantizeFileOptions): Promise<void> {
  const { precision } = options;
  if (precision !== 'float32') await quantizeFile(rowsFile(output, precision), output, options);
  else if (extname(output) === '.npy') await removeDescription(output);
}
