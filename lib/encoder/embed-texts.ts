/**
 * Texts to embeddings. They pass in chunks, so that memory does not grow with the corpus: a chunk is tokenized ahead, in
 * other threads where that pays off, while the one before it is encoded, texts of like length together.
 */
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { LARGEST_BLOCK } from '../core/row-blocks.js';
import { normalizeRowsInPlace } from '../core/rows.js';
import { preparedText } from '../models/sentence/sentence-use.js';
import { type TokenizedChunk, tokenizeAhead } from '../tokens/tokenize.js';
import type { Encoder } from './encoder.js';

export interface EmbedTextsOptions extends Reporting {
  /** Longer texts are truncated. */
  maxLength: number;
  /** Tokens of a micro-batch; a single text that is longer passes alone. */
  tokenBudget?: number;
  /** Put before every text. */
  prompt?: string;
  /** Puts every text into lower case, its prompt too. */
  lowerCase?: boolean;
  /** Scales every embedding to length 1. */
  normalize?: boolean;
  task?: string;
  /**
   * Texts that are encoded by themselves, a divisor of {@link CHUNK_TEXTS}: which pass together, and with it the last bits of
   * their embeddings, then depends on no texts before or after them. Absent: as many as are tokenized at once.
   */
  blockTexts?: number;
  /** Whether a text is there already; see `embedTokenIds`. */
  isDone?(text: number): boolean;
  /** Told of each text that the tokenizer makes nothing of, which is then left out; absent: such a text is refused. */
  onNoTokens?: (text: number) => void;
}

/** Texts that were encoded together. */
export interface EmbeddedBatch {
  /** Which of the texts. */
  texts: number[];
  /** Their embeddings [texts, D], in the same order. */
  rows: Float32Array;
}

/** What encoding took. */
export interface EncodingWork {
  /** Tokens of the texts. */
  tokens: number;
  /** Tokens with padding. */
  paddedTokens: number;
}

/** Texts that are encoded together: enough that texts of like length find each other. */
const CHUNK_TEXTS = LARGEST_BLOCK;
/** Texts that a thread tokenizes at once: few enough that all threads take part in a chunk. */
const PORTION_TEXTS = 128;
/** Chunks tokenized before they are needed. */
const CHUNKS_AHEAD = 2;

/** Embeddings [texts, D] in the order of the texts. */
export async function embedTexts(encoder: Encoder, texts: string[], options: EmbedTextsOptions): Promise<Float32Array> {
  const width = encoder.dimensions;
  const out = new Float32Array(texts.length * width);
  await embedInBatches(encoder, texts, options, ({ texts: members, rows }) => {
    members.forEach((text, i) => {
      out.set(rows.subarray(i * width, (i + 1) * width), text * width);
    });
  });
  return out;
}

/** As {@link embedTexts}, giving each micro-batch to `use` when it is done. Progress counts tokens that are not padding. */
export async function embedInBatches(
  encoder: Encoder,
  texts: string[],
  options: EmbedTextsOptions,
  use: (batch: EmbeddedBatch) => void | Promise<void>,
): Promise<EncodingWork> {
  const {
    maxLength,
    prompt = '',
    lowerCase = false,
    normalize = false,
    task = 'encoding',
    onProgress,
    signal,
    tokenBudget,
  } = options;
  const prompted = prompt || lowerCase ? texts.map((text) => preparedText(text, prompt, lowerCase)) : texts;
  const characters = prompted.reduce((sum, text) => sum + text.length, 0);
  const work: EncodingWork = { tokens: 0, paddedTokens: 0 };
  let charactersDone = 0;
  const refuse = (text: number): void => {
    const shown = JSON.stringify((prompted[text] as string).slice(0, 40));
    throw new UserError(`the text ${shown} has no tokens: expected at least one; drop such texts`);
  };
  const leftOut = options.onNoTokens ?? refuse;
  const portions = tokenizeAhead(encoder.base.folder, prompted, maxLength, {
    chunkSize: PORTION_TEXTS,
    ahead: (CHUNKS_AHEAD * CHUNK_TEXTS) / PORTION_TEXTS,
    signal,
  });
  const chunks = joinedChunks(portions, CHUNK_TEXTS);
  for await (const { start, ids } of chunks) {
    const members = ids.flatMap((text, i) => (text.length > 0 ? [i] : []));
    for (const [i, text] of ids.entries()) if (text.length === 0) leftOut(start + i);
    const chunkTokens = ids.reduce((sum, text) => sum + text.length, 0);
    for (let i = start; i < start + ids.length; i++) charactersDone += (prompted[i] as string).length;
    // how many tokens are still to come is judged by the characters of what has been tokenized
    const total =
      charactersDone === characters
        ? work.tokens + chunkTokens
        : Math.round(((work.tokens + chunkTokens) * characters) / charactersDone);
    for (const block of blocksOf(members, options.blockTexts ?? CHUNK_TEXTS)) {
      const textOf = (member: number): number => (block[member] as number) + start;
      await encoder.embed(
        block.map((i) => ids[i] as Int32Array),
        {
          tokenBudget,
          signal,
          longAlone: true,
          ...(options.isDone && { isDone: (member: number) => options.isDone?.(textOf(member)) ?? false }),
          onBatch: async ({ texts: batch, rows, tokens, paddedTokens }) => {
            await use({
              texts: batch.map(textOf),
              rows: normalize ? normalizeRowsInPlace(rows, encoder.dimensions) : rows,
            });
            work.tokens += tokens;
            work.paddedTokens += paddedTokens;
            onProgress?.({ task, done: work.tokens, total, unit: 'tokens' });
          },
        },
      );
    }
  }
  return work;
}

/** Members of a chunk by the blocks they lie in; a block without members is left out. */
function blocksOf(members: readonly number[], size: number): number[][] {
  const blocks = new Map<number, number[]>();
  for (const member of members) {
    const block = Math.floor(member / size);
    const others = blocks.get(block);
    if (others) others.push(member);
    else blocks.set(block, [member]);
  }
  return [...blocks.values()];
}

/** Runs of texts put together to some of at least `size` texts, in their order. */
async function* joinedChunks(
  chunks: AsyncIterable<TokenizedChunk>,
  size: number,
): AsyncGenerator<TokenizedChunk, void, void> {
  let joined: TokenizedChunk | undefined;
  for await (const { start, ids } of chunks) {
    joined = { start: joined?.start ?? start, ids: [...(joined?.ids ?? []), ...ids] };
    if (joined.ids.length < size) continue;
    yield joined;
    joined = undefined;
  }
  if (joined) yield joined;
}
