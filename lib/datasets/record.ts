import { quantity } from '../core/quantity.js';

/**
 * A paper as a source tells of it, before topics are assigned and anything is cleaned. Every source (snapshot, arXiv
 * API, OAI-PMH, a reader's own files) yields these.
 */
export interface SourceRecord {
  /** Without version. */
  id: string;
  /** The version that the text is of; null where the source does not tell. */
  version: number | null;
  /** Whitespace folded. */
  title: string;
  /** Whitespace folded. */
  abstract: string;
  /** The primary category first. */
  categories: string[];
  /** ISO date of the first version, as near as the source tells; null where it doesn't. */
  published: string | null;
  /** The authors' comment ("12 pages", "withdrawn by the author"); empty where there is none. */
  comments: string;
}

/** A record that lacks something or has something of the wrong kind; the message says what. */
export class MalformedRecord extends Error {}

/** One space for every run of whitespace and line breaks, none at the ends. */
export function foldWhitespace(text: string): string {
  // Single spaces, most of the whitespace there is, are left alone: a third of the time of /\s+/g.
  return text.replace(/[^\S ]\s*| \s+/g, ' ').trim();
}

/** Characters of the longest title and text; arXiv's are below 500 and 7,000. */
export const MAX_TITLE = 10_000;
export const MAX_TEXT = 1_000_000;

/**
 * The text of a field, whitespace folded.
 *
 * @param limit characters above which it is no title, or no text, of a paper
 * @throws MalformedRecord if it is missing, empty, too long or no text
 */
export function requiredText(object: Record<string, unknown>, name: string, limit: number = MAX_TITLE): string {
  const value = object[name];
  if (value === undefined || value === null) throw new MalformedRecord(`no "${name}"`);
  if (typeof value !== 'string') throw new MalformedRecord(`"${name}" must be a string, got ${shortened(value)}`);
  if (value.length > limit)
    throw new MalformedRecord(`"${name}" has ${quantity(value.length, 'characters')}, more than ${limit}`);
  const folded = foldWhitespace(value);
  if (folded === '') throw new MalformedRecord(`"${name}" is empty`);
  return folded;
}

/** What programs write for a value that is not there, as the whole of it. */
const ABSENT = /^(?:nan|none|null|n\/a|<na>)$/i;

/** As {@link requiredText}, but a title or text that only says that there is none is missing. */
export function requiredProse(object: Record<string, unknown>, name: string, limit?: number): string {
  const text = requiredText(object, name, limit);
  if (ABSENT.test(text)) throw new MalformedRecord(`"${name}" is missing: it says "${text}"`);
  return text;
}

/** The day of an ISO date or time; null for anything else, a 30th of February too. */
export function isoDate(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value)) return null;
  const day = value.slice(0, 10);
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day) ? day : null;
}

/** A value for an error message. */
export function shortened(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
