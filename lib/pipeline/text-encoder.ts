/**
 * An opened encoder for many small calls: its tokenizer stays in memory, where a file of texts is tokenized by threads that
 * come and go. The vectors are those of `encode`.
 */
import { UserError } from '../core/errors.js';
import { politely } from '../core/event-loop.js';
import { type Reporting, reportingOf } from '../core/events.js';
import { firstColumns, normalizeRowsInPlace } from '../core/rows.js';
import type { TextKind } from '../models/sentence/sentence-config.js';
import { preparedText } from '../models/sentence/sentence-use.js';
import { tokenizeTexts, workersWorthStarting } from '../tokens/tokenize.js';
import { loadTokenizer } from '../tokens/tokenizer.js';
import type { OpenedEncoder } from './open-encoder.js';

/** What a text is; "text" where that is not known, which gets the default prompt of the model's folder, as a rule none. */
export type TextRole = TextKind | 'text';

export interface TokenizeRoleOptions extends Pick<Reporting, 'signal'> {
  role?: TextRole;
  /** Put before every text, instead of the prompt of its role. */
  prompt?: string;
  /** Starts no threads, also where that would be quicker: for callers whose number nobody bounds. */
  inThisThread?: boolean;
  /** Tokens; longer texts are truncated. Absent: the limit of the model. */
  maxLength?: number;
}

export interface TextEncoder {
  readonly opened: OpenedEncoder;
  /** Token ids of each text; none for a text that the tokenizer makes nothing of. */
  tokenize(texts: readonly string[], options?: TokenizeRoleOptions): Promise<Int32Array[]>;
  /**
   * The vectors of pooled embeddings [n, D]: the first so many dimensions of each, scaled to length 1 where the model is used so.
   * @throws UserError for more dimensions than there are
   */
  vectors(rows: Float32Array, dimensions?: number): Float32Array[];
  /** Vectors of texts. @throws UserError naming a text without tokens */
  encode(
    texts: readonly string[],
    options?: TokenizeRoleOptions & Reporting & { dimensions?: number },
  ): Promise<Float32Array[]>;
}

/** @param tokenBudget of a micro-batch */
export async function openTextEncoder(opened: OpenedEncoder, tokenBudget: number): Promise<TextEncoder> {
  const { encoder, sentence, prompts, lowerCase, maxLength, normalize } = opened;
  const { folder } = encoder.base;
  const tokenizer = await loadTokenizer(folder);
  const promptOf = (role: TextRole): string => (role === 'text' ? sentence.defaultPrompt : prompts[role]);

  const textEncoder: TextEncoder = {
    opened,
    async tokenize(texts, options = {}) {
      const { role = 'text', prompt = promptOf(role), maxLength: asked = maxLength, signal } = options;
      const limit = Math.min(asked, maxLength);
      const prepared = texts.map((text) => preparedText(text, prompt, lowerCase));
      if (!options.inThisThread && (await workersWorthStarting(folder, prepared)) > 0) {
        return tokenizeTexts(folder, prepared, limit, signal ? { signal } : {});
      }
      const pause = politely(signal ? { signal } : {}, 'nothing was encoded');
      const ids: Int32Array[] = [];
      for (const text of prepared) {
        ids.push(tokenizer.encode(text, limit));
        await pause();
      }
      return ids;
    },
    vectors(rows, dimensions = encoder.dimensions) {
      const width = encoder.dimensions;
      if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > width) {
        throw new UserError(`dimensions = ${dimensions}: expected a whole number from 1 to ${width}`);
      }
      const kept = firstColumns(rows, width, dimensions);
      const scaled = normalize ? normalizeRowsInPlace(kept, dimensions) : kept;
      return Array.from({ length: rows.length / width }, (_, row) =>
        scaled.slice(row * dimensions, (row + 1) * dimensions),
      );
    },
    async encode(texts, { dimensions, ...options } = {}) {
      textEncoder.vectors(new Float32Array(0), dimensions);
      if (texts.length === 0) return [];
      const ids = await textEncoder.tokenize(texts, options);
      refuseEmpty(texts, ids);
      const rows = await encoder.embed(ids, { tokenBudget, longAlone: true, ...reportingOf(options) });
      return textEncoder.vectors(rows, dimensions);
    },
  };
  return textEncoder;
}

function refuseEmpty(texts: readonly string[], ids: readonly Int32Array[]): void {
  const empty = ids.findIndex(({ length }) => length === 0);
  if (empty < 0) return;
  const shown = JSON.stringify((texts[empty] as string).slice(0, 40));
  throw new UserError(`text ${empty}, ${shown}, has no tokens: expected at least one; drop such texts`);
}
