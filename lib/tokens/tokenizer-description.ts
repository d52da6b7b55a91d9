/**
 * What a tokenizer.json has to be before the tokenizers library makes something of it, which takes much as it comes: ids
 * that are no whole numbers, or models that it does not know, would give wrong tokens in silence.
 * https://huggingface.co/docs/tokenizers/api/models
 */
import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { stepsOf } from './tokenizer-steps.js';

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
  checkSteps(path, description);
  const { vocab } = result.data.model;
  if (Array.isArray(vocab)) return;
  for (const token in vocab) {
    if (!isId(vocab[token])) throw wrong(path, description, ['model', 'vocab', token], ID);
  }
}

const patternSchema = z.union([z.looseObject({ Regex: z.string() }), z.looseObject({ String: z.string() })]);
/** Characters of a pattern; published ones have up to 500. */
const LONGEST_PATTERN = 10_000;
/** How many times as long a text may become by what is put in place of single characters. */
const MOST_GROWTH = 256;

/** Steps that split or replace by a pattern do nothing without one, and steps of steps may let a text explode. */
function checkSteps(path: string, description: object): void {
  const refuse = (keys: readonly PropertyKey[], expected: string): never => {
    throw wrong(path, description, keys, expected);
  };
  let growth = 1;
  for (const { keys, step } of stepsOf(description, (keys) =>
    refuse(keys, 'steps that lie less deep in one another'),
  )) {
    const { type, pattern } = step;
    if (type === 'Split' || type === 'Replace') {
      const found = patternSchema.safeParse(pattern);
      if (!found.success) refuse([...keys, 'pattern'], '{"Regex": "..."} or {"String": "..."}');
      const length = Math.max(...Object.values(found.data ?? {}).map((value) => String(value).length));
      if (length > LONGEST_PATTERN) refuse([...keys, 'pattern'], `at most ${LONGEST_PATTERN} characters`);
    }
    if (keys[0] === 'decoder') continue;
    growth *= Math.max(1, replacementLength(step));
    if (growth > MOST_GROWTH) refuse(keys, `steps that make a text at most ${MOST_GROWTH} times as long`);
  }
}

/** Characters that a step may put in place of one. */
function replacementLength({ type, content, replacement, str_rep }: Record<string, unknown>): number {
  const texts = type === 'Replace' ? [content] : type === 'Metaspace' ? [replacement, str_rep] : [];
  return Math.max(0, ...texts.map((text) => (typeof text === 'string' ? text.length : 0)));
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
