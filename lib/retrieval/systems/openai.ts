/**
 * OpenAI's embeddings, or those of any service that speaks the same API: batches within the service's limits, the cost
 * before it is spent, and the check of every answer ({@link ./openai-request.ts}, {@link ./openai-answer.ts}).
 *
 * Wrap the model in {@link ./cached-model.ts}: then no text is paid for twice, and an interrupted run keeps what it has.
 */
import { UserError, WorkError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { agreeing, quantity } from '../../core/quantity.js';
import type { EmbeddingModel } from './embedding-model.js';
import { readEmbeddings } from './openai-answer.js';
import { blanked, TooLarge } from './openai-fetch.js';
import { askService, type ServiceEndpoint } from './openai-request.js';

/** Vector length and US dollars for a million tokens, from OpenAI's price list of 2025. */
const KNOWN_MODELS = new Map([
  ['text-embedding-3-small', { dimensions: 1536, dollars: 0.02 }],
  ['text-embedding-3-large', { dimensions: 3072, dollars: 0.13 }],
  ['text-embedding-ada-002', { dimensions: 1536, dollars: 0.1 }],
]);
const OPENAI = 'https://api.openai.com/v1';
// OpenAI takes 2,048 texts and 300,000 tokens per request; what others take is found by halving.
const TEXTS_A_REQUEST = 2048;
const TOKENS_A_REQUEST = 250_000;
// English has four characters a token, formulas two: the one for what it will cost, the other to stay within limits.
const USUAL_CHARACTERS_A_TOKEN = 4;
const FEWEST_CHARACTERS_A_TOKEN = 2;
// 8,192 numbers as text are 180 kB; no string may be longer than V8's 2^29 characters
const BYTES_A_TEXT = 2 ** 18;
const MOST_BYTES = 500_000_000;

/** What is about to be spent. */
export interface CostEstimate {
  model: string;
  texts: number;
  tokens: number;
  dollars: number;
  /** The limit that it exceeds, together with what was spent before. */
  limit: number;
}

export interface OpenAIModelOptions {
  /** "text-embedding-3-small" unless told otherwise. */
  model?: string;
  /** Shortened vectors, for models that can; null for all that the model has. */
  dimensions?: number | null;
  /** Another service with the same API; the environment's OPENAI_BASE_URL, or OpenAI, unless told otherwise. */
  baseUrl?: string | null;
  /** null: nothing can be requested, and only what a cache in front of it holds is known. */
  apiKey: string | null;
  /** As in the report; with the model's name unless told otherwise. */
  name?: string;
  /** US dollars; an estimate above it asks {@link confirmCost}, and is refused without. */
  costLimit?: number;
  confirmCost?: (estimate: CostEstimate) => Promise<boolean>;
  /** Texts per request at most; 2,048 unless told otherwise. Halved where the service refuses a batch as too large. */
  batchTexts?: number;
  /** Retries after 429, 5xx and broken connections; 5 unless told otherwise. */
  maxRetries?: number;
  /** Milliseconds until a request counts as unanswered. */
  timeout?: number;
}

/** @throws UserError for an address that is none, or a key that cannot be sent */
export function openaiModel(options: OpenAIModelOptions): EmbeddingModel {
  const { model = 'text-embedding-3-small', costLimit = 1, maxRetries = 5, timeout = 120_000, apiKey } = options;
  if (apiKey !== null) checkKey(apiKey);
  const shortened = options.dimensions ?? null;
  const known = KNOWN_MODELS.get(model);
  const name = options.name ?? `openai:${model}`;
  const baseUrl = options.baseUrl || process.env.OPENAI_BASE_URL || OPENAI;
  const endpoint: ServiceEndpoint = { name, baseUrl: serviceUrl(baseUrl), apiKey: apiKey ?? '', maxRetries, timeout };
  let spentDollars = 0;
  let allowedDollars = costLimit;
  let dimensions = shortened ?? known?.dimensions ?? null;
  let mostTexts = options.batchTexts ?? TEXTS_A_REQUEST;

  async function request(texts: readonly string[], reporting: Reporting): Promise<Float32Array[]> {
    const body = {
      model,
      input: texts.map(acceptable),
      encoding_format: 'base64' as const,
      ...(shortened === null ? {} : { dimensions: shortened }),
    };
    const mostBytes = Math.min(MOST_BYTES, 2 ** 20 + BYTES_A_TEXT * texts.length);
    const vectors = vectorsOf(await askService(endpoint, body, mostBytes, reporting), texts, endpoint);
    dimensions ??= vectors[0]?.length ?? null;
    const odd = vectors.find((vector) => vector.length !== dimensions);
    if (odd)
      throw new WorkError(`${name} gave a vector of length ${odd.length}: expected ${dimensions}; check the model`);
    return vectors;
  }

  return {
    name,
    kind: 'openai',
    optional: true,
    get dimensions() {
      return dimensions;
    },
    fingerprint: JSON.stringify(['openai', baseUrl, model, shortened]),
    async prepare(texts, _kind, { onMessage } = {}) {
      if (apiKey === null) throw withoutKey(name, texts.length);
      if (!known) return; // the price of another service's model is not known here
      const tokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / USUAL_CHARACTERS_A_TOKEN), 0);
      const dollars = (tokens * known.dollars) / 1e6;
      const cost = `${quantity(texts.length, 'texts')} with about ${quantity(tokens, 'tokens')}`;
      onMessage?.({ level: 'info', text: `${name}: ${cost} cost about $${dollars.toPrecision(2)}` });
      if (spentDollars + dollars > allowedDollars) {
        const estimate = { model, texts: texts.length, tokens, dollars, limit: costLimit };
        if (!(await options.confirmCost?.(estimate))) {
          throw new UserError(
            `${cost} would cost about $${dollars.toPrecision(2)}, above evaluation.openaiCostLimit = ${costLimit}: raise it to embed them`,
          );
        }
        // What was agreed to is not asked for again until as much as the limit has been spent on top.
        allowedDollars = spentDollars + dollars + costLimit;
      }
      spentDollars += dollars;
    },
    async embed(texts, _kind, { onProgress, ...reporting } = {}) {
      const vectors: Float32Array[] = [];
      while (vectors.length < texts.length) {
        const batch = nextBatch(texts, vectors.length, mostTexts);
        try {
          vectors.push(...(await request(batch, reporting)));
        } catch (error) {
          if (!(error instanceof TooLarge)) throw error;
          if (batch.length === 1) throw tooLong(name, batch[0] as string, error.message);
          mostTexts = Math.ceil(batch.length / 2);
          continue;
        }
        onProgress?.({ task: `embedding with ${name}`, done: vectors.length, total: texts.length, unit: 'texts' });
      }
      const d = vectors[0]?.length ?? 0;
      const out = new Float32Array(texts.length * d);
      vectors.forEach((vector, i) => {
        out.set(vector, i * d);
      });
      return out;
    },
  };
}

/** As many of the texts from `first` on as one request may hold, and at least one. */
function nextBatch(texts: readonly string[], first: number, mostTexts: number): string[] {
  let end = first;
  let tokens = 0;
  while (end < texts.length && end - first < mostTexts) {
    tokens += Math.ceil((texts[end] as string).length / FEWEST_CHARACTERS_A_TOKEN);
    if (end > first && tokens > TOKENS_A_REQUEST) break;
    end++;
  }
  return texts.slice(first, end);
}

/**
 * A text that services take: half an emoji (a lone surrogate) is no Unicode, and strict ones refuse the whole request
 * for it; an empty text is refused too, and a space means the same.
 */
function acceptable(text: string): string {
  return text === '' ? ' ' : text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

function tooLong(name: string, text: string, said: string): UserError {
  return new UserError(
    `${name} refuses a text as too long; the longest has ${quantity(text.length, 'characters')}: shorten "${text.slice(0, 40)}…" (${said})`,
  );
}

function withoutKey(name: string, texts: number): UserError {
  return new UserError(
    `OPENAI_API_KEY is not set, and ${quantity(texts, 'texts')} ${agreeing(texts, 'is', 'are')} not in the cache of ${name}: set it to embed them`,
  );
}

/** A key with a line break or a curly quote, as copying leaves it, would end in an error that shows the key. */
function checkKey(apiKey: string): void {
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new UserError('OPENAI_API_KEY holds white space or characters beyond ASCII: copy the key again');
  }
}

function serviceUrl(baseUrl: string): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new UserError(`the address "${baseUrl}" of the service is no http address: check OPENAI_BASE_URL`);
  }
  if (url.username || url.password) {
    throw new UserError('the address of the service holds a password: give it as OPENAI_API_KEY instead');
  }
  return url;
}

/** Errors quote the answer, and some services quote the key in theirs. */
function vectorsOf(
  answer: unknown,
  texts: readonly string[],
  { name, apiKey }: Pick<ServiceEndpoint, 'name' | 'apiKey'>,
): Float32Array[] {
  try {
    return readEmbeddings(answer, texts, name);
  } catch (error) {
    throw error instanceof WorkError ? new WorkError(blanked(error.message, apiKey)) : error;
  }
}
