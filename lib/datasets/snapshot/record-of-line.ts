/**
 * One line of a metadata snapshot to a record. The format is that of the arXiv snapshot on Kaggle
 * (arxiv-metadata-oai-snapshot.json): a JSON object a line with id, title, abstract, categories ("primary other …"),
 * comments, versions ([{ version: "v1", created: "Mon, 2 Apr 2007 19:18:42 GMT" }]) and update_date.
 */
import { monthOfId, parsePaperId } from '../arxiv-id.js';
import { objectOfLine } from '../json-lines.js';
import { plainText } from '../plain-text.js';
import {
  foldWhitespace,
  isoDate,
  MAX_TEXT,
  MalformedRecord,
  requiredProse,
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
    title: requiredProse(plain(object, 'title'), 'title'),
    abstract: requiredProse(plain(object, 'abstract'), 'abstract', MAX_TEXT),
    categories,
    published: firstVersionDate(versions) ?? monthOfId(id) ?? isoDate(object.update_date),
    comments: typeof object.comments === 'string' ? foldWhitespace(object.comments) : '',
  };
}

/** The object with one field without its HTML, as the API path has it. */
function plain(object: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = object[name];
  // Anything longer is refused as it is.
  if (typeof value !== 'string' || value.length > MAX_TEXT || !/[&<]/.test(value)) return object;
  return { [name]: plainText(value) };
}

/** "gr-qc hep-th", ["gr-qc", "hep-th"], or (in some copies of the snapshot) ["gr-qc hep-th"]. */
function categoriesOf(value: unknown): string[] {
  const parts = Array.isArray(value) ? (value as unknown[]) : [value];
  const wrong = parts.find((part) => typeof part !== 'string');
  if (value === undefined) throw new MalformedRecord('no "categories"');
  if (wrong !== undefined) throw new MalformedRecord(`"categories" must be a string, got ${shortened(value)}`);
  const text = foldWhitespace(parts.join(' '));
  if (text === '') throw new MalformedRecord('"categories" is empty');
  return text.includes(' ') ? [...new Set(text.split(' '))] : [text];
}

function latestVersion(versions: unknown[]): number | null {
  const numbers = versions.map((entry) => Number(/^v(\d+)$/.exec(String(field(entry, 'version')))?.[1] ?? Number.NaN));
  const known = numbers.filter((number) => !Number.isNaN(number));
  return known.length > 0 ? Math.max(...known) : null;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** The day in "Mon, 2 Apr 2007 19:18:42 GMT". */
function firstVersionDate(versions: unknown[]): string | null {
  const first = versions.find((entry) => field(entry, 'version') === 'v1') ?? versions[0];
  const created = field(first, 'created');
  const parts = typeof created === 'string' ? /(\d{1,2}) ([A-Z][a-z]{2}) (\d{4})\b/.exec(created) : null;
  if (!parts) return isoDate(created);
  const month = MONTHS.indexOf(parts[2] as string) + 1;
  if (month === 0) return null;
  return isoDate(`${parts[3]}-${String(month).padStart(2, '0')}-${(parts[1] as string).padStart(2, '0')}`);
}

function field(entry: unknown, name: string): unknown {
  return typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>)[name] : undefined;
}
