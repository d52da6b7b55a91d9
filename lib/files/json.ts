/**
 * JSON as everybody else means it. Two things that `JSON.parse` does in silence are not done here: of a key that an object
 * has twice the last one would win, and whole numbers too large for JavaScript would lose their last digits.
 */
import { endOfString, repeatedKey } from './json-keys.js';

/** An object has a key twice (RFC 8259: what that means is nobody's guess). */
export class RepeatedKey extends SyntaxError {
  constructor(readonly key: string) {
    super(`the key ${JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}…` : key)} occurs twice in one object`);
  }
}

/** Sixteen digits or more may be beyond 2^53. */
const MANY_DIGITS = /\d{16}/;

/**
 * `JSON.parse`, but an object with a key twice is refused.
 *
 * @param options.keepDigits makes a whole number that a float64 cannot hold a string of its digits: ids of tweets and
 * database rows are such numbers, and 297136541426397184 and 297136541426397185 must not become one
 * @throws SyntaxError as JSON.parse does; {@link RepeatedKey}
 */
export function parseJson(text: string, { keepDigits = false } = {}): unknown {
  const value: unknown = JSON.parse(keepDigits && MANY_DIGITS.test(text) ? withQuotedIntegers(text) : text);
  const repeated = repeatedKey(text, value);
  if (repeated !== null) throw new RepeatedKey(repeated);
  return value;
}

function withQuotedIntegers(text: string): string {
  const numbers = /[\d.eE+-]+/y;
  let out = '';
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '"') {
      at = endOfString(text, at + 1);
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      numbers.lastIndex = at;
      const token = numbers.exec(text)?.[0] as string;
      if (/^-?[1-9]\d{15,}$/.test(token) && !Number.isSafeInteger(Number(token))) {
        out += `${text.slice(copied, at)}"${token}"`;
        copied = at + token.length;
      }
      at += token.length - 1;
    }
  }
  return out + text.slice(copied);
}

/** Why a text is no JSON, in one line: the engine's own message quotes the text, line breaks and all. */
export function jsonProblem(error: unknown): string {
  const message = (error as Error).message.replace(/\s+/g, ' ');
  return message.length > 120 ? `${message.slice(0, 120)}…` : message;
}

/** What {@link jsonObjectOf} says of a text that is no JSON at all. */
export const NOT_JSON = 'not JSON';

/** What is wrong with a text that should be one JSON object on a line; the object where nothing is. */
export function jsonObjectOf(text: string): Record<string, unknown> | string {
  let json: unknown;
  try {
    json = parseJson(text, { keepDigits: true });
  } catch (error) {
    return error instanceof RepeatedKey ? error.message : NOT_JSON;
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  return `expected a JSON object, got ${Array.isArray(json) ? 'an array' : String(json).slice(0, 40)}`;
}
