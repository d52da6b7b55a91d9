/** A row of a table to its pairs: one for each document that answers its query. */
import { quantity } from '../../core/quantity.js';
import { parseJson } from '../../files/json.js';
import { foldWhitespace, MAX_TEXT, MalformedRecord, shortened } from '../record.js';
import type { PairColumns } from './columns.js';
import type { RawPair, RawText } from './pair.js';
import { splitOfName } from './split-names.js';

/** What programs write for a value that is not there, as the whole of it. */
const ABSENT = /^(?:nan|none|null|n\/a|<na>)?$/i;

/** @throws MalformedRecord saying what is missing, or of another kind than expected */
export function pairsOfRow(values: Record<string, unknown>, columns: PairColumns): RawPair[] {
  const [query, ...more] = textsOf(values, columns.query);
  if (!query) throw new MalformedRecord(`no "${columns.query}"`);
  if (more.length > 0)
    throw new MalformedRecord(`"${columns.query}" has ${quantity(more.length + 1, 'texts')}: expected one query`);
  const positives = textsOf(values, columns.positive);
  if (positives.length === 0) throw new MalformedRecord(`no "${columns.positive}"`);
  const queryId = idOf(values, columns.queryId);
  const documentId = positives.length === 1 ? idOf(values, columns.documentId) : null;
  const negatives = columns.negatives.flatMap((column) => textsOf(values, column));
  const score = columns.score === null ? null : scoreOf(values, columns.score);
  const split = columns.split === null ? null : sideOf(values, columns.split);
  return positives.map((document) => ({
    query: queryId === null ? query : { ...query, id: queryId },
    document: documentId === null ? document : { ...document, id: documentId },
    negatives,
    score,
    split,
  }));
}

/** The texts of a column: a text, a list of texts or of objects with a text, or such a list as JSON; none where it is empty. */
function textsOf(values: Record<string, unknown>, column: string): RawText[] {
  const value = values[column];
  const list = typeof value === 'string' ? listOfJson(value, column) : value;
  if (list === undefined || list === null) return [];
  const items = Array.isArray(list) ? list : [list];
  return items.flatMap((item) => textOf(item, column) ?? []);
}

function textOf(item: unknown, column: string): RawText | null {
  if (item === null || item === undefined) return null;
  if (typeof item === 'string') {
    if (item.length > MAX_TEXT) {
      throw new MalformedRecord(`"${column}" has ${quantity(item.length, 'characters')}, more than ${MAX_TEXT}`);
    }
    const text = item.trim();
    return ABSENT.test(text) ? null : { id: null, text };
  }
  const { text, title, docid, _id, id } = item as Record<string, unknown>;
  if (typeof item !== 'object' || typeof text !== 'string') {
    throw new MalformedRecord(`"${column}" must be a text or a list of texts, got ${shortened(readable(item))}`);
  }
  const name = idFrom(docid ?? _id ?? id);
  const heading = typeof title === 'string' ? title.trim() : '';
  const whole = heading === '' ? text.trim() : `${heading} ${text}`.trim();
  if (whole === '') return null;
  return { id: name, text: whole, ...(heading === '' ? {} : { title: heading }) };
}

/** A list as Python or NumPy print it, which is no JSON: what a data frame leaves in a CSV. */
const PYTHON_LIST = /^\s*\[\s*(?:None|nan|['"{]).*(?:None|nan|['"}])\s*\]\s*$/s;

/** A list that a table holds as JSON. @throws MalformedRecord for one that Python printed: its brackets are no text */
function listOfJson(text: string, column: string): unknown {
  if (!/^\s*\[.*\]\s*$/s.test(text)) return text;
  try {
    const list: unknown = parseJson(text);
    const isTexts = Array.isArray(list) && list.every((item) => typeof item === 'string' || typeof item === 'object');
    return isTexts ? list : text;
  } catch {
    if (!PYTHON_LIST.test(text)) return text;
    throw new MalformedRecord(
      `"${column}" is a list as Python prints it: expected JSON (json.dumps), or a column for each`,
    );
  }
}

function idOf(values: Record<string, unknown>, column: string | null): string | null {
  if (column === null) return null;
  const id = idFrom(values[column]);
  if (id === null) throw new MalformedRecord(`no "${column}"`);
  return id;
}

function idFrom(value: unknown): string | null {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))) return String(value);
  if (typeof value !== 'string') return null;
  const id = foldWhitespace(value);
  return id === '' ? null : id;
}

function scoreOf(values: Record<string, unknown>, column: string): number {
  const value = values[column];
  if (value === null || value === undefined || value === '') throw new MalformedRecord(`no "${column}"`);
  const isNumeric = typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
  const score = isNumeric || (typeof value === 'string' && value.trim() !== '') ? Number(value) : Number.NaN;
  if (Number.isFinite(score)) return score;
  throw new MalformedRecord(`"${column}" must be a number, got ${shortened(readable(value))}`);
}

function sideOf(values: Record<string, unknown>, column: string): RawPair['split'] {
  const value = values[column];
  if (value === null || value === undefined || value === '') return null;
  const side = typeof value === 'string' ? splitOfName(value) : null;
  if (side !== null) return side;
  throw new MalformedRecord(`"${column}" says ${shortened(readable(value))}: expected train, validation or test`);
}

/** JSON knows no whole numbers of 64 bits. */
function readable(value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
