/**
 * A tokenizer.json brings regular expressions of its own, and one that backtracks keeps the process busy for ever; words
 * and tokens without bounds take time that grows with the square of a text. Those of published tokenizers are known to be
 * quick; with any other, the time for a text is limited.
 */
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { TimeIsUp, withinTime } from '../core/within-time.js';
import { isPublishedPattern } from './published-patterns.js';
import { stepsOf } from './tokenizer-steps.js';

/** Milliseconds for a text, and for each of its characters. Measured: 0.001 for a character with Qwen2.5's tokenizer. */
const FOR_A_TEXT = 2000;
const FOR_A_CHARACTER = 0.05;

/** Characters of a word and of a token; published WordPiece models have 100, the longest tokens some tens. */
const USUAL_WORD = 200;
const USUAL_TOKEN = 512;

/** What may take long in a tokenizer; null where all of it is known to be quick. @param description that was checked */
function slowPart(description: object): string | null {
  for (const { keys, step } of stepsOf(description)) {
    const pattern = (step.pattern as { Regex?: unknown } | undefined)?.Regex;
    if (typeof pattern === 'string' && !isPublishedPattern(pattern)) {
      return `the pattern ${JSON.stringify(pattern.slice(0, 100))} of ${keys.join('.')}`;
    }
  }
  const { model, added_tokens: added } = description as {
    model: { max_input_chars_per_word?: unknown; vocab: unknown };
    added_tokens?: { content: string }[] | null;
  };
  const word = model.max_input_chars_per_word;
  if (word != null && !((word as number) <= USUAL_WORD)) return `model.max_input_chars_per_word = ${String(word)}`;
  const pieces = Array.isArray(model.vocab) ? model.vocab.map(([piece]: [string]) => piece) : [];
  const longest = [...pieces, ...(added ?? []).map(({ content }) => content)].find(
    (token) => token.length > USUAL_TOKEN,
  );
  return longest === undefined ? null : `the token ${JSON.stringify(longest.slice(0, 60))}...`;
}

/** Calls `tokenize` on a text of so many characters. @throws UserError where that takes too long */
export type TimeLimit = <Result>(characters: number, tokenize: () => Result) => Result;

/** The limit that a tokenizer needs: none where it is known to be quick. @param description that was checked */
export function timeLimit(path: string, description: object): TimeLimit {
  const cause = slowPart(description);
  if (cause === null) return (_, tokenize) => tokenize();
  return (characters, tokenize) => {
    const milliseconds = Math.ceil(FOR_A_TEXT + FOR_A_CHARACTER * characters);
    try {
      return withinTime(milliseconds, tokenize);
    } catch (error) {
      if (!(error instanceof TimeIsUp)) throw error;
      throw new UserError(
        `${path}: ${cause} takes more than ${Math.round(milliseconds / 1000)} s for ${quantity(characters, 'characters')}: expected one that takes milliseconds (no repetitions in repetitions); use the tokenizer.json of a published model`,
      );
    }
  };
}
