/**
 * What a client asks of `/v1/embeddings`: https://platform.openai.com/docs/api-reference/embeddings/create, and beside it
 * `input_type`, as other services have it, for models that were trained with prompts.
 */
import { quantity } from '../core/quantity.js';
import type { TextRole } from '../pipeline/text-encoder.js';
import { type ApiError, badRequest } from './api-error.js';
import type { ServerLimits } from './limits.js';
import { type ServedModel, servedRole } from './model-names.js';

export interface EmbeddingsRequest {
  texts: string[];
  role: TextRole;
  /** The first so many numbers of each vector; absent: all. */
  dimensions?: number;
  format: 'float' | 'base64';
}

/** Names that services give to the two sides of a search. */
const INPUT_TYPES: Readonly<Record<string, TextRole>> = {
  query: 'query',
  search_query: 'query',
  document: 'document',
  passage: 'document',
  search_document: 'document',
};

/** @throws ApiError 400, or 404 for another model, that names the field and what was expected; never the texts */
export function parseEmbeddingsRequest(body: unknown, model: ServedModel, limits: ServerLimits): EmbeddingsRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('the body is not an object: expected {"model": "...", "input": "..."}');
  }
  const fields = body as Record<string, unknown>;
  const ofModel = servedRole(model, field(fields, 'model'));
  const dimensions = dimensionsOf(field(fields, 'dimensions'), model);
  return {
    texts: textsOf(field(fields, 'input'), limits),
    role: roleOf(field(fields, 'input_type'), ofModel),
    format: formatOf(field(fields, 'encoding_format')),
    ...(dimensions !== undefined && { dimensions }),
  };
}

/** Null is what some clients send for a field that is not set. */
function field(fields: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(fields, name) ? (fields[name] ?? undefined) : undefined;
}

function textsOf(input: unknown, limits: ServerLimits): string[] {
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  if (texts.length === 0) throw badRequest('input is an empty list: expected at least one text', 'input');
  if (texts.some((one) => typeof one === 'number' || Array.isArray(one))) {
    throw badRequest(
      'input holds token ids, which mean other words in the vocabulary of this model: send texts (LangChain for Python: check_embedding_ctx_length=False)',
      'input',
    );
  }
  if (texts.length > limits.texts) {
    throw badRequest(
      `input has ${quantity(texts.length, 'texts')}: expected at most ${limits.texts} a request`,
      'input',
    );
  }
  texts.forEach((text, i) => {
    const where = Array.isArray(input) ? `input[${i}]` : 'input';
    if (typeof text !== 'string') throw badRequest(`${where} is ${kindOf(text)}: expected a text`, 'input');
    if (text === '') throw badRequest(`${where} is empty: expected a text; leave it out`, 'input');
    if (text.length > limits.textCharacters) {
      throw badRequest(
        `${where} has ${quantity(text.length, 'characters')}: expected at most ${limits.textCharacters}; split it`,
        'input',
      );
    }
  });
  return texts as string[];
}

function roleOf(type: unknown, ofModel: TextRole): TextRole {
  if (type === undefined) return ofModel;
  const role = typeof type === 'string' && Object.hasOwn(INPUT_TYPES, type) ? INPUT_TYPES[type] : undefined;
  if (role === undefined) {
    throw badRequest(`input_type: expected one of ${Object.keys(INPUT_TYPES).join(', ')}`, 'input_type');
  }
  if (ofModel !== 'text' && ofModel !== role) {
    throw badRequest(`model asks for a ${ofModel} and input_type for a ${role}: give one of them`, 'input_type');
  }
  return role;
}

function dimensionsOf(dimensions: unknown, model: ServedModel): number | undefined {
  if (dimensions === undefined) return undefined;
  if (Number.isInteger(dimensions) && (dimensions as number) >= 1 && (dimensions as number) <= model.dimensions) {
    return dimensions as number;
  }
  throw badRequest(`dimensions: expected a whole number from 1 to ${model.dimensions}`, 'dimensions');
}

function formatOf(format: unknown): 'float' | 'base64' {
  if (format === undefined || format === 'float') return 'float';
  if (format === 'base64') return 'base64';
  throw badRequest('encoding_format: expected float or base64', 'encoding_format');
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing';
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** The error for a text that the tokenizer makes nothing of. */
export function withoutTokens(place: number): ApiError {
  return badRequest(`input[${place}] has no tokens for this model: leave it out`, 'input');
}
