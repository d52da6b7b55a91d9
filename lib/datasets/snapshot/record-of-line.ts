/**
 * One line of a metadata snapshot to a record. The format is that of the arXiv snapshot on Kaggle
 * (arxiv-metadata-oai-snapshot.json): a JSON object a line with id, title, abstract, categories ("primary other …"),
 * comments, versions ([{ version: "v1", created: "Mon, 2 Apr 2007 19:18:42 GMT" }]) and update_date.
 */
import { monthOfId, parsePaperId } from '../arxiv-id.js';
import { objectOfLine } from '../files/json-lines.js';
import {
  foldWhitespace,
  isoDate,
  MAX_TEXT,
  MalformedRecord,
  requiredText,
  type SourceRecord,
  shortened,
} from '../record.js';

/**
 * @param text one line
 * @throws MalformedRecord saying what is wrong with it
 */
export function recordOfLine(text: string): SourceRecord {
  const object = objectOfLine(text);
  const { id, version } = parsePaperId(requiredText(object, 'id'));
  const categories = categoriesOf(object.categories);
  const versions = Array.isArray(object.versions) ? (object.versions as unknown[]) : [];
  return {
    id,
    version: version ?? latestVersion(versions),
    title: requiredText(object, 'title'),
    abstract: requiredText(object, 'abstract', MAX_TEXT),
    categories,
    published: firstVersionDate(versions) ?? monthOfId(id) ?? isoDate(object.update_date),
    comments: typeof object.comments === 'string' ? foldWhitespace(object.comments) : '',
  };
}

/** "gr-qc hep-th", ["gr-qc", "hep-th"], or (in some copies of the snapshot) ["gr-qc hep-th"]. */
function categoriesOf(value: unknown): string[] {
  const parts = Array.isArray(value) ? value : [value];
  if (!parts.every((part): part is string => typeof part === 'string')) {
    throw new MalformedRecord(
      value === undefined ? 'no "categories"' : `"categories" must be a string, got ${shortened(value)}`,
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
