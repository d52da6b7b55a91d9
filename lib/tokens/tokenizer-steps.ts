/** The steps of a tokenizer.json: what normalises, splits and decodes, those inside sequences included. */

/** One step, and where in the file it is. */
export interface TokenizerStep {
  keys: readonly PropertyKey[];
  step: Record<string, unknown>;
}

/** Where steps lie in one another. */
const LISTS = ['normalizers', 'pretokenizers', 'decoders'];
/** Sequences in sequences; published files have one. */
const DEEPEST = 8;

/** @param onTooDeep called with the place of a sequence that lies too deep in others; its steps are left out */
export function* stepsOf(
  description: object,
  onTooDeep: (keys: readonly PropertyKey[]) => void = () => {},
): Generator<TokenizerStep, void, void> {
  for (const root of ['normalizer', 'pre_tokenizer', 'decoder']) {
    yield* stepsBelow((description as Record<string, unknown>)[root], [root], onTooDeep);
  }
}

function* stepsBelow(
  value: unknown,
  keys: readonly PropertyKey[],
  onTooDeep: (keys: readonly PropertyKey[]) => void,
): Generator<TokenizerStep, void, void> {
  if (typeof value !== 'object' || value === null) return;
  const step = value as Record<string, unknown>;
  yield { keys, step };
  for (const list of LISTS) {
    const steps = step[list];
    if (!Array.isArray(steps)) continue;
    if (keys.length > 2 * DEEPEST) onTooDeep(keys);
    else for (const [i, inner] of steps.entries()) yield* stepsBelow(inner, [...keys, list, i], onTooDeep);
  }
}
