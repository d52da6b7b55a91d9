/**
 * A file of texts to a file of embeddings. Micro-batches are written as they are done: what a kill or Ctrl-C leaves
 * undone is all that the next call computes (see embedding-file.ts).
 */
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { Interrupted, UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { agreeing, quantity } from '../core/quantity.js';
import type { EmbeddingPrecision } from '../core/quantization.js';
import { firstColumns, normalizeRowsInPlace } from '../core/rows.js';
import { openEmbeddingFile } from '../files/embedding-file.js';
import { removeDescription } from '../files/embeddings.js';
import { readTextFile } from '../files/text-file.js';
import { embedInBatches } from './embed-texts.js';
import type { Encoder } from './encoder.js';
import { givenRanges, quantizeFile } from './quantize-file.js';

export interface EncodeTextsOptions extends Reporting {
  /** One text a line, or .jsonl with `text` and optionally `id`; plain, .gz or .zip. */
  input: string;
  /** .safetensors or .npy */
  output: string;
  /** Scale every embedding to length 1. */
  normalize: boolean;
  /** Put before every text. */
  prompt: string;
  /** Puts every text into lower case. */
  lowerCase?: boolean;
  /** Keep the first so many of each embedding, before normalizing; absent: all. */
  dimensions?: number;
  /** How the numbers are stored; absent: float32. int8 and uint8 take their ranges from these texts, or from `calibration`. */
  precision?: EmbeddingPrecision;
  /** A file of embeddings whose ranges int8 and uint8 take: the corpus, where the texts are queries. */
  calibration?: string;
  /** Longer texts are truncated; absent: to the positions of the model. */
  maxLength?: number;
  tokenBudget: number;
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
}

/** Checks the names before any work, encodes, and writes the result in the order of the input. */
export async function encodeTextFile(encoder: Encoder, options: EncodeTextsOptions): Promise<EncodedFile> {
  const { output, normalize, prompt, dimensions = encoder.dimensions } = options;
  if (!['.safetensors', '.npy'].includes(extname(output))) {
    throw new UserError(`--output ${output}: expected a name ending in .safetensors or .npy`);
  }
  if (dimensions > encoder.dimensions) {
    throw new UserError(`--dimensions ${dimensions}: the embeddings of this model have ${encoder.dimensions}`);
  }
  const { texts, ids } = await readTextFile(options.input);
  const { precision = 'float32' } = options;
  const ranges = await givenRanges(options, precision, dimensions, texts.length);
  const limit = encoder.base.config.maxPositions;
  const maxLength = Math.min(options.maxLength ?? limit, limit);
  const metadata: Record<string, string> = { model: encoder.base.folder, normalized: String(normalize) };
  if (ids) metadata.ids = JSON.stringify(ids);
  const hash = createHash('sha256').update(
    JSON.stringify([encoder.fingerprint(), prompt, maxLength, normalize, options.lowerCase ?? false]),
  );
  for (const text of texts) hash.update(`${JSON.stringify(text)}\n`);
  // codes need the ranges of all texts: until these are there, rows are kept in full precision
  const whole = precision === 'float32' ? output : `${output}.float32.safetensors`;
  const file = await openEmbeddingFile(whole, {
    rows: texts.length,
    dimensions,
    metadata,
    fingerprint: hash.digest('hex'),
  });
  try {
    if (file.found > 0) {
      options.onMessage?.({
        level: 'info',
        text: `${file.found} of ${quantity(texts.length, 'texts')} ${agreeing(file.found, 'was', 'were')} encoded before`,
      });
    }
    const rest = texts.flatMap((_, row) => (file.has(row) ? [] : [row]));
    const start = performance.now();
    let done = file.found;
    const work = await embedInBatches(
      encoder,
      rest.map((row) => texts[row] as string),
      { ...options, maxLength, normalize: false, task: 'encoding' },
      async ({ texts: members, rows }) => {
        const kept = dimensions === encoder.dimensions ? rows : firstColumns(rows, encoder.dimensions, dimensions);
        await file.add(
          members.map((i) => rest[i] as number),
          normalize ? normalizeRowsInPlace(kept, dimensions) : kept,
        );
        done += members.length;
      },
    ).catch((error: unknown) => {
      if (!(error instanceof Interrupted)) throw error;
      throw new Interrupted(
        `stopped; ${done} of ${quantity(texts.length, 'texts')} ${agreeing(done, 'is', 'are')} encoded and kept: run the same command again to continue`,
      );
    });
    await file.finish();
    if (precision !== 'float32')
      await quantizeFile(whole, output, { precision, dimensions, ranges, metadata, onMessage: options.onMessage });
    else if (extname(output) === '.npy') await removeDescription(output);
    const seconds = (performance.now() - start) / 1000;
    return {
      output,
      texts: texts.length,
      dimensions,
      precision,
      resumed: file.found,
      tokens: work.tokens,
      paddingShare: work.paddedTokens > 0 ? 1 - work.tokens / work.paddedTokens : 0,
      tokensPerSecond: work.tokens / seconds,
    };
  } finally {
    await file.close();
  }
}
