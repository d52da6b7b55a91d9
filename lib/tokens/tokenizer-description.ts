/**
 * What a tokenizer.json has to be before the tokenizers library makes something of it, which takes much as it comes: ids
 * that are no whole numbers, or models that it does not know, would give wrong tokens in silence.
 * https://huggingface.co/docs/tokenizers/api/models
 */
import { z } from 'zod';
import { UserError } from '../core/errors.js';

/** The largest vocabularies have a million tokens; an id far beyond is damage. */
const MAX_ID = 2 ** 24;
const isId = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_ID;
const ID = `a whole number from 0 to ${MAX_ID}`;
const id = z.custom<number>(isId, ID);
const text = z.string({ error: 'a text' });

const isMerges = (value: unknown): boolean =>
  Array.isArray(value) &&
  (value.every((merge) => typeof merge === 'string') ||
    value.every(
      (merge) => Array.isArray(merge) && merge.length === 2 && merge.every((part) => typeof part === 'string'),
    ));
const merges = z.custom<unknown>(isMerges, 'a list of texts, or a list of pairs of texts');
// its ids are looked at below: there are up to a million
const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const byId = z.custom<Record<string, unknown>>(isRecord, 'an object of ids by token');
const pieces = z.array(z.tuple([text, z.number({ error: 'a number' })], { error: 'a piece and its score' }), {
  error: 'a list of pieces and scores',
});

const schema = z.looseObject(
  {
    model: z.discriminatedUnion(
      'type',
      [
        z.looseObject({ type: z.literal('BPE'), vocab: byId, merges }),
        z.looseObject({ type: z.literal('WordPiece'), vocab: byId }),
        z.looseObject({ type: z.literal('WordLevel'), vocab: byId }),
        z.looseObject({ type: z.literal('Unigram'), vocab: pieces.min(1, 'a list of pieces and scores') }),
      ],
      { error: ({ code }) => (code === 'invalid_union' ? 'one of BPE, WordPiece, WordLevel, Unigram' : 'an object') },
    ),
    added_tokens: z.array(z.looseObject({ id, content: text.min(1, 'a text') }), { error: 'a list' }).nullish(),
  },
  { error: 'an object' },
);

/** @throws UserError naming the part that is wrong */
export function checkTokenizerDescription(path: string, description: object): void {
  const { model } = description as { model?: { type?: unknown } };
  // the oldest files do not name the model: byte-pair encoding where they have merges
  const isUnnamed = typeof model === 'object' && model !== null && model.type === undefined;
  const type = isUnnamed ? ('merges' in model ? 'BPE' : 'WordPiece') : undefined;
  const result = schema.safeParse(isUnnamed ? { ...description, model: { ...model, type } } : description);
  if (!result.success) {
    const { path: keys, message } = result.error.issues[0] as z.core.$ZodIssue;
    throw wrong(path, description, keys, message);
  }
  checkPatterns(path, description, ['normalizer']);
  checkPatterns(path, description, ['pre_tokenizer']);
  const { vocab } = result.data.model;
  if (Array.isArray(vocab)) return;
  for (const token in vocab) {
    if (!isId(vocab[token])) throw wrong(path, description, ['model', 'vocab', token], ID);
  }
}

const patternSchema = z.union([z.looseObject({ Regex: z.string() }), z.looseObject({ String: z.string() })]);

/** Steps that split or replace by a pattern do nothing without one. @param keys where in the description the step is */
function checkPatterns(path: string, description: object, keys: readonly PropertyKey[]): void {
  const step = valueAt(description, keys) as Record<string, unknown> | null | undefined;
  const hasPattern = step?.type === 'Split' || step?.type === 'Replace';
  if (hasPattern && !patternSchema.safeParse(step.pattern).success) {
    throw wrong(path, description, [...keys, 'pattern'], '{"Regex": "..."} or {"String": "..."}');
  }
  for (const list of ['normalizers', 'pretokenizers']) {
    const steps = step?.[list];
    if (!Array.isArray(steps)) continue;
    for (const i of steps.keys()) checkPatterns(path, description, [...keys, list, i]);
  }
}

function valueAt(description: object, keys: readonly PropertyKey[]): unknown {
  let found: unknown = description;
  for (const key of keys) found = (found as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return found;
}

function wrong(path: string, description: object, keys: readonly PropertyKey[], expected: string): UserError {
  const shown = JSON.stringify(valueAt(description, keys))?.slice(0, 60) ?? 'missing';
  return new UserError(`${path}: ${keys.join('.') || 'the file'} is ${shown}: expected ${expected}; download it again`);
}
