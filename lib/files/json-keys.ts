/** Finds keys that an object of a JSON text has twice; `JSON.parse` keeps the last and says nothing. */

const COLON = 58;
const BACKSLASH = 92;

/**
 * The first key that is repeated, or null. Costs little where there is none: the keys in the text are counted, and those
 * of the value.
 *
 * @param text valid JSON
 * @param value what JSON.parse made of it
 */
export function repeatedKey(text: string, value: unknown): string | null {
  return keysOfText(text) === keysOfValue(value) ? null : findRepeatedKey(text);
}

/** The same, slowly: the keys of every object are looked at. */
export function findRepeatedKey(text: string): string | null {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{') open.push(new Set());
    else if (character === '}') open.pop();
    if (character !== '"') continue;
    const end = endOfString(text, at + 1);
    if (isKey(text, end + 1)) {
      const key = JSON.parse(text.slice(at, end + 1)) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
    at = end;
  }
  return null;
}

/** Where the string whose first character is at `start` has its closing quote; the end of the text where it has none. */
export function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start); at >= 0; at = text.indexOf('"', at + 1)) {
    let before = at - 1;
    while (before >= start && text.charCodeAt(before) === BACKSLASH) before--;
    if ((at - before) % 2 === 1) return at;
  }
  return text.length;
}

/** Whether a colon follows, and the string before was therefore a key. */
function isKey(text: string, at: number): boolean {
  let code = text.charCodeAt(at);
  while (code === 32 || code === 10 || code === 13 || code === 9) code = text.charCodeAt(++at);
  return code === COLON;
}

function keysOfText(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at = endOfString(text, at + 1) + 1;
    if (isKey(text, at)) count++;
  }
  return count;
}

/** Keys at any depth. A list of what is still to be looked at, since a text may nest deeper than calls can. */
function keysOfValue(value: unknown): number {
  let count = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) {
      for (const item of next) if (typeof item === 'object') waiting.push(item);
      continue;
    }
    for (const key in next as Record<string, unknown> | null) {
      count++;
      const item = (next as Record<string, unknown>)[key];
      if (typeof item === 'object') waiting.push(item);
    }
  }
  return count;
}
