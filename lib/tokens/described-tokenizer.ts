/**
 * Text to token ids and back, from what tokenizer.json and tokenizer_config.json say. Nothing of Node.js in here, so that
 * browsers tokenize by the same code.
 *
 * The tokenizer is the one of @huggingface/transformers, which has lived in a package of its own since version 4: the
 * same ids as `AutoTokenizer` gives (and as the Rust original does), without ONNX Runtime and image codecs being loaded
 * beside it, so that worker threads start quickly.
 */
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { rememberBytes } from './byte-level-cache.js';
import { type LibraryParts, makeExact } from './exact-tokenizer.js';
import type { TimeLimit } from './time-limit.js';
import { WordCache } from './word-cache.js';

/** One token of a text, for showing. */
export interface TokenPiece {
  id: number;
  /** The characters it stands for; empty where the next tokens complete a character that this one only begins. */
  text: string;
}

export interface Tokenizer {
  /**
   * Token ids of a text, with the special tokens that the model expects around it.
   *
   * @param maxLength tokens, special ones included; a longer text loses its end (its beginning where the model's
   * truncation_side is "left") and keeps its special tokens. Without it nothing is truncated.
   */
  encode(text: string, maxLength?: number): Int32Array;
  /** What `encode` would have given with this limit, from ids that it gave without one. */
  truncate(ids: Int32Array, maxLength: number): Int32Array;
  /** The text of the ids. Special tokens are shown unless `skipSpecialTokens` is set. */
  decode(ids: ArrayLike<number>, options?: { skipSpecialTokens?: boolean }): string;
  /** The tokens of a text one by one, special ones included; their texts joined give the normalised text. */
  pieces(text: string): TokenPiece[];
  /** Fills short rows of a batch. Its value never matters: the attention mask hides it. */
  readonly padTokenId: number;
  /** One more than the largest id: the rows that an embedding table needs at least. */
  readonly vocabularySize: number;
}

/** The entries of tokenizer_config.json that matter here; special tokens are strings, or objects in older files. */
export interface TokenizerSettings {
  pad_token?: string | { content: string } | null;
  eos_token?: string | { content: string } | null;
  truncation_side?: 'left' | 'right';
  clean_up_tokenization_spaces?: boolean;
}

/** What is used of the package's class: its own type declarations can't be resolved under Node's module rules. */
interface HubTokenizer {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
  decode(ids: number[], options: { skip_special_tokens: boolean; clean_up_tokenization_spaces: boolean }): string;
  token_to_id(token: string): number | undefined;
  /** `vocab` is the token of each id; byte-pair models have a cache of words. */
  model: { vocab: string[]; cache?: Pick<WordCache, 'get' | 'put'> };
}

/**
 * @param description the content of tokenizer.json
 * @param limit of the time that a text may take
 * @throws whatever the package says of a description that it cannot use
 */
export function tokenizerOf(
  description: object,
  settings: TokenizerSettings,
  limit: TimeLimit = (_, tokenize) => tokenize(),
): Tokenizer {
  const tokenizer: HubTokenizer & LibraryParts = new HuggingFaceTokenizer(description, settings);
  makeExact(tokenizer, description);
  rememberBytes(tokenizer.pre_tokenizer, (description as { pre_tokenizer?: unknown }).pre_tokenizer);
  return wrap(limited(tokenizer, limit), settings);
}

function limited(tokenizer: HubTokenizer, limit: TimeLimit): HubTokenizer {
  return {
    model: tokenizer.model,
    token_to_id: (token) => tokenizer.token_to_id(token),
    encode: (text, options) => limit(text.length, () => tokenizer.encode(text, options)),
    decode: (ids, options) => limit(ids.length, () => tokenizer.decode(ids, options)),
  };
}

function wrap(tokenizer: HubTokenizer, settings: TokenizerSettings): Tokenizer {
  if (tokenizer.model.cache) tokenizer.model.cache = new WordCache();
  const { prefix, suffix } = specialTokensAround(tokenizer);
  const special = prefix.length + suffix.length;
  const cleanUp = settings.clean_up_tokenization_spaces ?? false;

  const decode = (ids: ArrayLike<number>, skipSpecialTokens: boolean): string =>
    ids.length === 0
      ? ''
      : tokenizer.decode(Array.from(ids), {
          skip_special_tokens: skipSpecialTokens,
          clean_up_tokenization_spaces: cleanUp,
        });

  const truncate = (ids: Int32Array, maxLength: number): Int32Array => {
    if (!(maxLength > special)) {
      throw new UserError(
        `maxLength = ${maxLength}: expected more than the ${quantity(special, 'special tokens')} around every text`,
      );
    }
    if (ids.length <= maxLength) return ids;
    const kept = new Int32Array(maxLength);
    const room = maxLength - special;
    const start = settings.truncation_side === 'left' ? ids.length - suffix.length - room : prefix.length;
    kept.set(prefix);
    kept.set(ids.subarray(start, start + room), prefix.length);
    kept.set(suffix, prefix.length + room);
    return kept;
  };

  const encode = (text: string, maxLength?: number): Int32Array => {
    const ids = Int32Array.from(tokenizer.encode(text, { add_special_tokens: true }).ids);
    return maxLength === undefined ? ids : truncate(ids, maxLength);
  };

  return {
    encode,
    truncate,
    decode: (ids, options = {}) => decode(ids, options.skipSpecialTokens ?? false),
    pieces: (text) => splitIntoPieces(encode(text), (ids) => decode(ids, false)),
    padTokenId: tokenId(tokenizer, settings.pad_token) ?? tokenId(tokenizer, settings.eos_token) ?? 0,
    vocabularySize: tokenizer.model.vocab.length,
  };
}

/** Ids that the post-processor puts before and after every text, found by looking at one. */
function specialTokensAround(tokenizer: HubTokenizer): { prefix: number[]; suffix: number[] } {
  const bare = tokenizer.encode('a', { add_special_tokens: false }).ids;
  const full = tokenizer.encode('a', { add_special_tokens: true }).ids;
  for (let start = 0; start + bare.length <= full.length; start++) {
    if (bare.every((id, i) => full[start + i] === id)) {
      return { prefix: full.slice(0, start), suffix: full.slice(start + bare.length) };
    }
  }
  throw new UserError('the post-processor of tokenizer.json changes the tokens of a text: expected one that only adds');
}

/**
 * Texts of single tokens. A byte-level token may end inside a UTF-8 character, which decodes to U+FFFD: its bytes then
 * wait for the token that completes the character, which is at most the fourth.
 */
function splitIntoPieces(ids: Int32Array, decode: (ids: number[]) => string): TokenPiece[] {
  const pieces: TokenPiece[] = [];
  let waiting: number[] = [];
  ids.forEach((id, i) => {
    waiting.push(id);
    const text = decode(waiting);
    const incomplete = text.endsWith('\uFFFD') && waiting.length < 4 && i + 1 < ids.length;
    pieces.push({ id, text: incomplete ? '' : text });
    if (!incomplete) waiting = [];
  });
  return pieces;
}

function tokenId(tokenizer: HubTokenizer, token: TokenizerSettings['pad_token']): number | undefined {
  if (token === undefined || token === null) return undefined;
  return tokenizer.token_to_id(typeof token === 'string' ? token : token.content);
}
