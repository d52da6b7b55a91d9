/**
 * The rows of a file of embeddings, block by block (core/row-blocks.ts): all texts of an input, or a shard of them. What an
 * earlier call has left is taken as it is.
 */
import { Interrupted, UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { agreeing, quantity } from '../core/quantity.js';
import { firstColumns, normalizeRowsInPlace } from '../core/rows.js';
import type { EmbeddingFile } from '../files/embedding-file.js';
import type { ShardJob } from '../files/shards/manifest.js';
import { embedInBatches } from './embed-texts.js';
import type { Encoder } from './encoder.js';

/** What rows depend on beside their texts and the encoder. */
export interface RowSettings {
  /** Scale every embedding to length 1. */
  normalize: boolean;
  /** Put before every text. */
  prompt: string;
  /** Puts every text into lower case. */
  lowerCase: boolean;
  /** The first so many of each embedding are kept, before normalizing. */
  dimensions: number;
  /** Longer texts are truncated. */
  maxLength: number;
  tokenBudget: number;
}

/** What a caller may leave open. */
export interface RowChoices extends Pick<RowSettings, 'normalize' | 'prompt' | 'tokenBudget'> {
  lowerCase?: boolean;
  /** Absent: all. */
  dimensions?: number;
  /** Absent: to the positions of the model. */
  maxLength?: number;
}

/** @throws UserError for more dimensions than there are */
export function rowSettings(encoder: Encoder, choices: RowChoices): RowSettings {
  const { normalize, prompt, tokenBudget, lowerCase = false, dimensions = encoder.dimensions } = choices;
  if (dimensions > encoder.dimensions) {
    throw new UserError(`--dimensions ${dimensions}: the embeddings of this model have ${encoder.dimensions}`);
  }
  const limit = encoder.base.config.maxPositions;
  return {
    normalize,
    prompt,
    lowerCase,
    dimensions,
    maxLength: Math.min(choices.maxLength ?? limit, limit),
    tokenBudget,
  };
}

/** All that rows depend on beside their texts, by name. Threads and machine are not in it: they decide the last bits at most. */
export function rowsJob(encoder: Encoder, settings: RowSettings): ShardJob {
  const { engine, fingerprint } = encoder.base;
  return {
    model: fingerprint,
    encoder: encoder.fingerprint(),
    engine: `${engine.name} on ${engine.freeMemory === undefined ? 'CPU' : 'GPU'}`,
    ...settings,
  };
}

/** How much there was to do, and how long it took. */
export interface EncodedRows {
  /** Rows that an earlier call had left. */
  resumed: number;
  /** Tokens that were encoded, padding left out, and the share of padding in what the encoder worked on. */
  tokens: number;
  paddingShare: number;
  seconds: number;
}

export interface EncodeRowsOptions extends Reporting {
  settings: RowSettings;
  /** Rows of a block. */
  blockTexts: number;
}

/**
 * @param texts of all rows of the file, in their order
 * @throws Interrupted with all finished rows kept
 */
export async function encodeRows(
  encoder: Encoder,
  texts: readonly string[],
  file: EmbeddingFile,
  { settings, blockTexts, ...reporting }: EncodeRowsOptions,
): Promise<EncodedRows> {
  const { dimensions, normalize, prompt, lowerCase, maxLength, tokenBudget } = settings;
  if (file.found > 0) {
    const text = `${file.found} of ${quantity(texts.length, 'texts')} ${agreeing(file.found, 'was', 'were')} encoded before`;
    reporting.onMessage?.({ level: 'info', text });
  }
  // blocks of which a row is missing, whole: their other rows decide which texts pass together
  const rows = unfinishedBlocks(texts.length, blockTexts, file);
  const start = performance.now();
  let done = file.found;
  const work = await embedInBatches(
    encoder,
    rows.map((row) => texts[row] as string),
    {
      ...reporting,
      prompt,
      lowerCase,
      maxLength,
      tokenBudget,
      blockTexts,
      isDone: (i) => file.has(rows[i] as number),
      task: 'encoding',
    },
    async ({ texts: members, rows: values }) => {
      const kept = dimensions === encoder.dimensions ? values : firstColumns(values, encoder.dimensions, dimensions);
      await file.add(
        members.map((i) => rows[i] as number),
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
  return {
    resumed: file.found,
    tokens: work.tokens,
    paddingShare: work.paddedTokens > 0 ? 1 - work.tokens / work.paddedTokens : 0,
    seconds: (performance.now() - start) / 1000,
  };
}

function unfinishedBlocks(rows: number, blockTexts: number, file: EmbeddingFile): number[] {
  const unfinished: number[] = [];
  for (let start = 0; start < rows; start += blockTexts) {
    const block = Array.from({ length: Math.min(blockTexts, rows - start) }, (_, i) => start + i);
    if (!block.every((row) => file.has(row))) unfinished.push(...block);
  }
  return unfinished;
}
