/**
 * OpenAI's embeddings, or those of any service that speaks the same API, through the package openai. The client
 * retries what may pass (429 with its Retry-After, 5xx, broken connections); here is what it leaves: batches within the
 * service's limits, the check of every answer, the cost before it is spent, and errors that say what to do.
 *
 * Wrap the model in {@link ./cached-model.ts}: then no text is paid for twice, and an interrupted run keeps what it has.
 */
import OpenAI, { APIConnectionError, APIError, APIUserAbortError, AuthenticationError, BadRequestError } from 'openai';
import { Interrupted, UserError, WorkError } from '../../core/errors.js';
import type { EmbeddingModel } from './embedding-model.js';

/** Vector length and US dollars for a million tokens, from OpenAI's price list of 2025. */
const KNOWN_MODELS: Record<string, { dimensions: number; dollars: number }> = {
  'text-embedding-3-small': { dimensions: 1536, dollars: 0.02 },
  'text-embedding-3-large': { dimensions: 3072, dollars: 0.13 },
  'text-embedding-ada-002': { dimensions: 1536, dollars: 0.1 },
};
// The service takes 2,048 texts and 300,000 tokens a request.
const TEXTS_A_REQUEST = 2048;
const TOKENS_A_REQUEST = 250_000;
// English has four characters a token, formulas two: the one for what it will cost, the other to stay within limits.
const USUAL_CHARACTERS_A_TOKEN = 4;
const FEWEST_CHARACTERS_A_TOKEN = 2;

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
  apiKey: string;
  /** As in the report; with the model's name unless told otherwise. */
  name?: string;
  /** US dollars; an estimate above it asks {@link confirmCost}, and is refused without. */
  costLimit?: number;
  confirmCost?: (estimate: CostEstimate) => Promise<boolean>;
  /** Retries of the client; 5 unless told otherwise. */
  maxRetries?: number;
  /** Milliseconds until a request counts as unanswered. */
  timeout?: number;
}

export function openaiModel(options: OpenAIModelOptions): EmbeddingModel {
  const { model = 'text-embedding-3-small', costLimit = 1, maxRetries = 5, timeout = 120_000 } = options;
  const shortened = options.dimensions ?? null;
  const known = KNOWN_MODELS[model];
  const name = options.name ?? `openai:${model}`;
  const baseURL = options.baseUrl || process.env.OPENAI_BASE_URL || undefined;
  const client = new OpenAI({ apiKey: options.apiKey, maxRetries, timeout, ...(baseURL ? { baseURL } : {}) });
  let spentDollars = 0;
  let allowedDollars = costLimit;
  let dimensions = shortened ?? known?.dimensions ?? null;

  async function request(texts: string[], signal: AbortSignal | undefined): Promise<Float32Array[]> {
    const body = {
      model,
      // an empty text is refused; a space means the same
      input: texts.map((text) => (text === '' ? ' ' : text)),
      // Said explicitly, the client hands the answer over as it is: some services send floats whatever they are asked.
      encoding_format: 'base64' as const,
      ...(shortened === null ? {} : { dimensions: shortened }),
    };
    try {
      const { data } = await client.embeddings.create(body, signal ? { signal } : {});
      const vectors = inOrder(data, texts.length, name);
      dimensions ??= vectors[0]?.length ?? null;
      const odd = vectors.find((vector) => vector.length !== dimensions);
      if (odd)
        throw new WorkError(`${name} gave vectors of ${odd.length} numbers: expected ${dimensions}; check the model`);
      return vectors;
    } catch (error) {
      throw explain(error, name, texts);
    }
  }

  return {
    name,
    kind: 'openai',
    optional: true,
    get dimensions() {
      return dimensions;
    },
    fingerprint: JSON.stringify(['openai', client.baseURL, model, shortened]),
    async prepare(texts, _kind, { onMessage } = {}) {
      if (!known) return; // the price of another service's model is not known here
      const tokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / USUAL_CHARACTERS_A_TOKEN), 0);
      const dollars = (tokens * known.dollars) / 1e6;
      const cost = `${texts.length} texts with about ${tokens} tokens`;
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
    async embed(texts, _kind, { onProgress, signal } = {}) {
      const vectors: Float32Array[] = [];
      for (const batch of batches(texts)) {
        vectors.push(...(await request(batch, signal)));
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

/** Cuts texts into requests within the service's limits. */
function batches(texts: readonly string[]): string[][] {
  const out: string[][] = [];
  let tokens = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    const size = Math.ceil(text.length / FEWEST_CHARACTERS_A_TOKEN);
    const last = out.at(-1);
    if (last && last.length < TEXTS_A_REQUEST && tokens + size <= TOKENS_A_REQUEST) {
      last.push(text);
      tokens += size;
    } else {
      out.push([text]);
      tokens = size;
    }
  }
  return out;
}

interface EmbeddingItem {
  index: number;
  /** Base64 of little-endian floats, or the numbers themselves. */
  embedding: unknown;
}

/** The vectors of an answer in the order of the texts, whatever the order of the answer. */
function inOrder(data: readonly EmbeddingItem[], n: number, name: string): Float32Array[] {
  const vectors = new Array<Float32Array | undefined>(n);
  for (const { index, embedding } of data) vectors[index] = decode(embedding);
  const complete = vectors.filter((vector) => vector !== undefined);
  if (data.length !== n || complete.length !== n || vectors.length !== n) {
    throw new WorkError(`${name} answered ${data.length} embeddings for ${n} texts: try again, or check the service`);
  }
  const bad = complete.findIndex((vector) => vector.length === 0 || vector.some((value) => !Number.isFinite(value)));
  if (bad >= 0) throw new WorkError(`${name} answered an embedding that is empty or not finite: check the service`);
  return complete;
}

function decode(embedding: unknown): Float32Array {
  if (Array.isArray(embedding)) return Float32Array.from(embedding as number[]);
  if (typeof embedding !== 'string') return new Float32Array(0);
  const bytes = Buffer.from(embedding, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~3)));
}

/** What the client throws, as one line with the fix. */
function explain(error: unknown, name: string, texts: readonly string[]): Error {
  if (error instanceof APIUserAbortError) return new Interrupted('stopped; the embeddings made so far are kept');
  if (error instanceof AuthenticationError) return new UserError(`${name} refuses the key: check OPENAI_API_KEY`);
  if (error instanceof BadRequestError && /maximum (context|input) length|too long|tokens/i.test(error.message)) {
    const longest = Math.max(...texts.map((text) => text.length));
    const said = firstLine(error.message);
    return new UserError(
      `${name} refuses a text as too long; the longest has ${longest} characters: shorten it (${said})`,
    );
  }
  if (error instanceof APIConnectionError) {
    const reason = error.cause instanceof Error ? error.cause.message : error.message;
    return new WorkError(`${name} cannot be reached (${firstLine(reason)}): check the network and OPENAI_BASE_URL`);
  }
  if (error instanceof APIError) return new WorkError(`${name} failed (${firstLine(error.message)}): try again later`);
  return error instanceof Error ? error : new WorkError(`${name} failed: ${String(error)}`);
}

function firstLine(text: string): string {
  return text.split('\n')[0] as string;
}
