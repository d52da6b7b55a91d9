/** Tells by content what a file of texts or papers holds; the name decides only where the content does not. */
import { UserError } from '../core/errors.js';
import { headerCells } from './csv.js';
import { openText } from './open.js';

/** What the beginning of a file looks like. */
export interface Beginning {
  /** The first lines that are not blank. */
  lines: string[];
  /** The JSON objects among them. */
  objects: Record<string, unknown>[];
}

const LOOK_BYTES = 2 ** 18;
const LOOK_LINES = 20;

/** The first lines of a text, however it is compressed. @throws UserError if it cannot be read */
export async function beginningOf(path: string): Promise<Beginning> {
  let text = '';
  for await (const chunk of (await openText(path)).chunks) {
    text += chunk.toString('utf8');
    if (text.length >= LOOK_BYTES) break;
  }
  const lines = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(0, LOOK_LINES);
  return { lines, objects: lines.flatMap((line) => objectOf(line)) };
}

/** Told apart here, not read: an object with a key twice is one too, and whoever reads it refuses it. */
function objectOf(line: string): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? [value as Record<string, unknown>]
      : [];
  } catch {
    return [];
  }
}

/**
 * Refuses a JSON array, and an object that is spread over lines: both are JSON, but not an object a line.
 *
 * @throws UserError that says how to turn it into one
 */
export function refuseWholeJson(path: string, { lines, objects }: Beginning): void {
  const first = lines[0]?.trim() ?? '';
  if (isArray(first)) {
    throw new UserError(
      `"${path}" is a JSON array: expected one JSON object a line; convert it with jq -c '.[]' "${path}"`,
    );
  }
  if (objects.length === 0 && /^\{\s*($|"[^"]*"\s*:)/.test(first)) {
    throw new UserError(
      `"${path}" has a JSON object spread over lines: expected one JSON object a line; convert it with jq -c . "${path}"`,
    );
  }
}

function isArray(first: string): boolean {
  if (/^\[\s*(\{|$)/.test(first)) return true;
  if (!first.startsWith('[')) return false;
  try {
    const array: unknown = JSON.parse(first);
    // "[1]" may well be a text
    return Array.isArray(array) && array.every((item) => typeof item === 'string' || typeof item === 'object');
  } catch {
    return false;
  }
}

/** The name without the endings of compressions: "a.csv.gz" is a CSV. */
export function hasEnding(path: string, endings: readonly string[]): boolean {
  const bare = path.toLowerCase().replace(/\.(gz|zip)$/, '');
  return endings.some((ending) => bare.endsWith(ending));
}

/** Whether the first line names columns of texts, and is no text itself. */
export function looksLikeTable({ lines }: Beginning): boolean {
  const header = lines.find((line) => !/^"?sep=.?"?$/i.test(line.trim()));
  const cells = headerCells(header ?? '').map((cell) => cell.toLowerCase());
  return (
    cells.length > 1 &&
    cells.every((cell) => cell.length < 40) &&
    (cells.includes('text') || cells.includes('abstract'))
  );
}
