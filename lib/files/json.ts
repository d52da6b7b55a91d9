/** JSON as other programs mean it: whole numbers too large for JavaScript keep their digits. */

/** Sixteen digits or more may be beyond 2^53. */
const MANY_DIGITS = /\d{16}/;

/**
 * `JSON.parse`, but a whole number that a float64 cannot hold becomes a string of its digits: ids of tweets and database
 * rows are such numbers, and 297136541426397184 and 297136541426397185 must not become one.
 *
 * @throws SyntaxError as JSON.parse does
 */
export function parseJson(text: string): unknown {
  return JSON.parse(MANY_DIGITS.test(text) ? withQuotedIntegers(text) : text);
}

function withQuotedIntegers(text: string): string {
  const numbers = /[\d.eE+-]+/y;
  let out = '';
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '"') {
      at = endOfString(text, at);
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

/** Where the string that begins at this quote ends. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** Why a text is no JSON, in one line: the engine's own message quotes the text, line breaks and all. */
export function jsonProblem(error: unknown): string {
  const message = (error as Error).message.replace(/\s+/g, ' ');
  return message.length > 120 ? `${message.slice(0, 120)}…` : message;
}

/** What is wrong with a text that should be one JSON object on a line; the object where nothing is. */
export function jsonObjectOf(text: string): Record<string, unknown> | string {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch {
    return 'not JSON';
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  return `expected a JSON object, got ${Array.isArray(json) ? 'an array' : String(json).slice(0, 40)}`;
}
