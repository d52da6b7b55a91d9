/**
 * A file of texts to a file of embeddings. Micro-batches are written as they are done: what a kill or Ctrl-C leaves
 * undone is all that the next call computes (see embedding-file.ts), and the result has the same bytes.
 */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { UserError } from '../core/errors.js';
import { type Reporting, reportingOf } from '../core/events.js';
import type { EmbeddingPrecision } from '../core/quantization.js';
import { blockSize } from '../core/row-blocks.js';
import { openEmbeddingFile } from '../files/embedding-file.js';
import type { EmbeddingMaker } from '../files/embedding-maker.js';
import { openEmbeddingRows } from '../files/embedding-rows.js';
import { checkReplaceable } from '../files/replaceable.js';
import { readTextFile } from '../files/text-file.js';
import { encodeRows, type RowChoices, rowSettings, rowsJob } from './encode-rows.js';
import type { Encoder } from './encoder.js';
import type { EncodingPlan } from './encoding-plan.js';
import { finishRows, rowsFile } from './finish-rows.js';
import { makerOf } from './made-by.js';
import { givenRanges } from './quantize-file.js';

export interface EncodeTextsOptions extends Reporting, RowChoices {
  /** One text a line, or .jsonl with `text` and optionally `id`; plain, .gz or .zip. */
  input: string;
  /** .safetensors or .npy */
  output: string;
  /** How the numbers are stored; absent: float32. int8 and uint8 take their ranges from these texts, or from `calibration`. */
  precision?: EmbeddingPrecision;
  /** A file of embeddings whose ranges int8 and uint8 take: the corpus, where the texts are queries. */
  calibration?: string;
}

/** What an encoding of a file wrote, and how fast. */
export interface EncodedFile {
  output: string;
  texts: number;
  dimensions: number;
  precision: EmbeddingPrecision;
  /** Texts that an earlier call, cut short, had encoded already. */
  resumed: number;
  /** Tokens that were encoded, padding left out, and the share of padding in what the encoder worked on. */
  tokens: number;
  paddingShare: number;
  tokensPerSecond: number;
  /** How they were computed. */
  plan: EncodingPlan['name'];
}

/** Checks the names before any work, encodes, and writes the result in the order of the input. */
export async function encodeTextFile(encoder: Encoder, options: EncodeTextsOptions): Promise<EncodedFile> {
  const { output, precision = 'float32' } = options;
  const reporting = reportingOf(options);
  await checkOutput(output);
  const settings = rowSettings(encoder, options);
  const { dimensions } = settings;
  const { texts, ids } = await readTextFile(options.input);
  const ranges = await givenRanges(options, precision, dimensions, texts.length);
  const metadata = rowsMetadata(makerOf(encoder), settings.normalize, ids);
  const hash = createHash('sha256').update(JSON.stringify(rowsJob(encoder, settings)));
  for (const text of texts) hash.update(`${JSON.stringify(text)}\n`);
  const whole = rowsFile(output, precision);
  const file = await openEmbeddingFile(whole, {
    rows: texts.length,
    dimensions,
    metadata,
    fingerprint: hash.digest('hex'),
  });
  try {
    const encoded = await encodeRows(encoder, texts, file, {
      ...reporting,
      settings,
      blockTexts: blockSize(texts.length),
    });
    await file.finish();
    await finishRows(output, { ...reporting, precision, dimensions, ranges, metadata });
    const { resumed, tokens, paddingShare, seconds } = encoded;
    return {
      output,
      texts: texts.length,
      dimensions,
      precision,
      resumed,
      tokens,
      paddingShare,
      tokensPerSecond: tokens / seconds,
      plan: encoder.encoding.name,
    };
  } finally {
    await file.close();
  }
}

/** @throws UserError for a name of no format, and for a file that is there and holds no embeddings, such as a model's weights */
export async function checkOutput(output: string): Promise<void> {
  if (!['.safetensors', '.npy'].includes(extname(output))) {
    throw new UserError(`--output ${output}: expected a name ending in .safetensors or .npy`);
  }
  await checkReplaceable(output, { what: 'embeddings', option: '--output', isOne: isEmbeddings });
}

async function isEmbeddings(path: string): Promise<boolean> {
  const rows = await openEmbeddingRows(path);
  await rows.close();
  return true;
}

/** What a safetensors file says of its rows. @param model folder of the model  @param ids of all rows */
export function rowsMetadata(
  maker: EmbeddingMaker,
  normalize: boolean,
  ids: readonly string[] | null,
): Record<string, string> {
  return { ...maker, normalized: String(normalize), ...(ids && { ids: JSON.stringify(ids) }) };
}
