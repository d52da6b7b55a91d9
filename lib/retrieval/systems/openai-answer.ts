/**
 * What an embeddings service answers, checked before it is used: {"data": [{"index": 0, "embedding": ...}, ...]}, with
 * each embedding as numbers, or as Base64 of little-endian floats. Services that stand in for OpenAI's send errors with
 * status 200, null for NaN, zeros for what they could not embed, and the same index twice.
 */
import { WorkError } from '../../core/errors.js';
import { quantity } from '../../core/quantity.js';
import { whatItSays } from './openai-fetch.js';

/**
 * The vectors of an answer in the order of the texts, whatever the order of the answer.
 *
 * @param texts that were asked about, [n]
 * @returns [n] vectors of one length, finite and not zero
 * @throws WorkError in one line that says what is wrong with the answer
 */
export function readEmbeddings(answer: unknown, texts: readonly string[], name: string): Float32Array[] {
  const data = isRecord(answer) ? answer.data : undefined;
  const isError = isRecord(answer) && answer.error != null && answer.error !== '';
  if (!Array.isArray(data) || (isError && data.length !== texts.length)) {
    throw new WorkError(
      `${name} answered no embeddings (${whatItSays(answer)}): check the service and the model's name`,
    );
  }
  if (data.length !== texts.length) {
    throw new WorkError(
      `${name} answered ${quantity(data.length, 'embeddings')} for ${quantity(texts.length, 'texts')}: try again, or check the service`,
    );
  }
  const vectors = new Map<number, Float32Array>();
  for (const item of data as unknown[]) {
    const index = isRecord(item) ? item.index : undefined;
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= texts.length) {
      const most = texts.length - 1;
      throw new WorkError(
        `${name} answered an embedding with index ${show(index)}: expected 0 to ${most}; check the service`,
      );
    }
    if (vectors.has(index as number)) {
      throw new WorkError(`${name} answered the same index twice (${index}): check the service`);
    }
    const problem = (what: string): WorkError =>
      new WorkError(
        `${name} answered an embedding ${what} for the text ${show(texts[index as number])}: check the service`,
      );
    vectors.set(index as number, decode((item as Record<string, unknown>).embedding, problem));
  }
  return texts.map((_, i) => vectors.get(i) as Float32Array);
}

function decode(embedding: unknown, problem: (what: string) => WorkError): Float32Array {
  const numbers: ArrayLike<unknown> =
    typeof embedding === 'string' ? fromBase64(embedding, problem) : listOf(embedding);
  if (numbers.length === 0) throw problem(`that is empty (${show(embedding)})`);
  let isZero = true;
  for (let i = 0; i < numbers.length; i++) {
    // null is JSON's word for NaN; what single precision can't hold would become infinite
    const value = numbers[i];
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) {
      throw problem(`that holds ${show(value)}, which is not finite,`);
    }
    if (Math.fround(value) !== 0) isZero = false;
  }
  if (isZero) throw problem('of zeros');
  return Float32Array.from(numbers as ArrayLike<number>);
}

function listOf(embedding: unknown): unknown[] {
  return Array.isArray(embedding) ? embedding : [];
}

function fromBase64(text: string, problem: (what: string) => WorkError): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  // Node.js passes over what is no Base64: words would become numbers.
  if (bytes.length % 4 !== 0 || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(text))
    throw problem(`that is no Base64 of floats (${show(text)})`);
  const floats = new Float32Array(bytes.length / 4);
  for (let i = 0; i < floats.length; i++) floats[i] = bytes.readFloatLE(4 * i);
  return floats;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in a message, on one line and not too long. */
function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'undefined');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
