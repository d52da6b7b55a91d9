/**
 * One line of a metadata snapshot to a record. The format is that of the arXiv snapshot on Kaggle
 * (arxiv-metadata-oai-snapshot.json): a JSON object a line with id, title, abstract, categories ("primary other …"),
 * comments, versions ([{ version: "v1", created: "Mon, 2 Apr 2007 19:18:42 GMT" }]) and update_date.
 */
import { monthOfId, parsePaperId } from '../arxiv-id.js';
import { foldWhitespace, MalformedRecord, type SourceRecord } from '../record.js';

/**
 * @param text one line
 * @throws MalformedRecord saying what is wrong with it
 */
export function recordOfLine(text: string): SourceRecord {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new MalformedRecord('not JSON');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new MalformedRecord(`expected a JSON object, got ${Array.isArray(json) ? 'an array' : JSON.stringify(json)}`);
  }
  return recordOfObject(json as Record<string, unknown>);
}

/** @throws MalformedRecord saying what is wrong with it */
export function recordOfObject(object: Record<string, unknown>): SourceRecord {
  const { id, version } = parsePaperId(textField(object, 'id'));
  const categories = categoriesOf(object.categories);
  const versions = Array.isArray(object.versions) ? (object.versions as unknown[]) : [];
  return {
    id,
    version: version ?? latestVersion(versions),
    title: textField(object, 'title'),
    abstract: textField(object, 'abstract'),
    categories,
    published: firstVersionDate(versions) ?? monthOfId(id) ?? isoDate(object.update_date),
    comments: typeof object.comments === 'string' ? foldWhitespace(object.comments) : '',
  };
}

function textField(object: Record<string, unknown>, name: string): string {
  const value = object[name];
  if (typeof value !== 'string') {
    throw new MalformedRecord(
      value === undefined ? `no "${name}"` : `"${name}" must be a string, got ${describe(value)}`,
    );
  }
  const folded = foldWhitespace(value);
  if (folded === '') throw new MalformedRecord(`"${name}" is empty`);
  return folded;
}

/** "gr-qc hep-th", ["gr-qc", "hep-th"], or (in some copies of the snapshot) ["gr-qc hep-th"]. */
function categoriesOf(value: unknown): string[] {
  const parts = Array.isArray(value) ? value : [value];
  if (!parts.every((part): part is string => typeof part === 'string')) {
    throw new MalformedRecord(
      value === undefined ? 'no "categories"' : `"categories" must be a string, got ${describe(value)}`,
    );
  }
  const categories = parts.flatMap((part) => part.split(/\s+/)).filter((name) => name !== '');
  if (categories.length === 0) throw new MalformedRecord('"categories" is empty');
  return [...new Set(categories)];
}

function latestVersion(versions: unknown[]): number | null {
  const numbers = versions.map((entry) => Number(/^v(\d+)$/.exec(String(field(entry, 'version')))?.[1] ?? Number.NaN));
  const known = numbers.filter((number) => !Number.isNaN(number));
  return known.length > 0 ? Math.max(...known) : null;
}

function firstVersionDate(versions: unknown[]): string | null {
  const first = versions.find((entry) => field(entry, 'version') === 'v1') ?? versions[0];
  const created = field(first, 'created');
  if (typeof created !== 'string') return null;
  const time = Date.parse(created);
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, 10);
}

function field(entry: unknown, name: string): unknown {
  return typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>)[name] : undefined;
}

function isoDate(value: unknown): string | null {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) ? value.slice(0, 10) : null;
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
