/**
 * Untrusted XML to plain objects (fast-xml-parser). Elements are named without their namespace prefix, attributes as
 * "@name". Documents that declare a type are refused, so that no entity but the five of XML and numeric ones exists:
 * nothing external is ever resolved and nothing expands.
 */

import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { WorkError } from '../../core/errors.js';
import { quantity } from '../../core/quantity.js';
import { TransientError } from '../../core/retry.js';
import { plainText, unescaped } from '../plain-text.js';
import { foldWhitespace, MAX_TEXT, MalformedRecord, requiredText } from '../record.js';

/** An element: its attributes, children and, under "#text", its text. A bare text is a string. */
export type XmlValue = string | XmlElement;
export interface XmlElement {
  [name: string]: XmlValue | XmlValue[] | undefined;
}

const TEXT = '#text';
/** Opening and closing tags of a document; 2,000 papers of large collaborations have a third of it. */
const MAX_TAGS = 1_000_000;
/** Attributes, and equals signs of formulas; such a page has a fifth of them. */
const MAX_EQUALS_SIGNS = 500_000;
/** Characters between two tags, escapes included: the parser takes 40 bytes for each. */
const MAX_BETWEEN_TAGS = 2 * MAX_TEXT;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: TEXT,
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/**
 * @param what names the document in errors
 * @returns the root's name and element
 * @throws TransientError if the text is cut off or not XML (a proxy's error page): trying again can help
 * @throws WorkError if it declares a document type
 */
export function parseXml(text: string, what: string): { name: string; root: XmlElement } {
  const start = text.slice(0, 2000);
  if (/<html[\s>]|<!doctype html/i.test(start)) {
    // the title tells a network's sign-in page from arXiv's maintenance
    const title = /<title[^>]*>\s*([^<]{1,80})/i.exec(start)?.[1]?.trim();
    throw new TransientError(`${what} is an HTML page${title ? ` ("${title}")` : ''} instead of XML`);
  }
  if (/<!(?:doctype|entity)/i.test(text)) {
    throw new WorkError(`${what} declares a document type or entities, which arXiv never does; check the address`);
  }
  if (countOf('<', text) > MAX_TAGS) {
    throw new WorkError(`${what} has over ${MAX_TAGS} tags: expected a page of at most 2000 papers; check the address`);
  }
  if (longestBetweenTags(text) > MAX_BETWEEN_TAGS) {
    throw new WorkError(`${what} has a text of over ${MAX_BETWEEN_TAGS} characters: expected titles and abstracts`);
  }
  if (countOf('=', text) > MAX_EQUALS_SIGNS) {
    throw new WorkError(`${what} has over ${MAX_EQUALS_SIGNS} attributes: expected a page of at most 2000 papers`);
  }
  if (!start.trimStart().startsWith('<')) throw new TransientError(`${what} is not XML`);
  try {
    const problem = XMLValidator.validate(text);
    if (problem !== true) throw new TransientError(`${what} is cut off or damaged: ${inBrief(problem.err.msg)}`);
    const document = parser.parse(text) as XmlElement;
    const [name, root] = Object.entries(document).find(([key]) => !key.startsWith('?')) ?? [];
    if (name === undefined || Array.isArray(root)) throw new TransientError(`${what} has no single root element`);
    return { name, root: typeof root === 'string' || root === undefined ? {} : root };
  } catch (error) {
    if (error instanceof TransientError) throw error;
    // The parser's own limits (depth of nesting, reserved names) end here.
    throw new TransientError(`${what} is damaged: ${inBrief((error as Error).message)}`);
  }
}

/** The parser quotes what it was confused by, in full. */
function inBrief(message: string): string {
  const line = foldWhitespace(message);
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}

function countOf(character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}

function longestBetweenTags(text: string): number {
  let longest = 0;
  let last = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    longest = Math.max(longest, at - last);
    last = at;
  }
  return Math.max(longest, text.length - last);
}

/** All children of a name. */
export function children(element: XmlElement, name: string): XmlValue[] {
  const value = element[name];
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** All children of a name that are elements with attributes or children of their own. */
export function elements(element: XmlElement, name: string): XmlElement[] {
  return children(element, name).map((child) => (typeof child === 'string' ? { [TEXT]: child } : child));
}

export function attribute(element: XmlElement, name: string): string | null {
  const value = element[`@${name}`];
  return typeof value === 'string' ? unescaped(value) : null;
}

/**
 * The text of the only child of a name, whitespace folded, HTML escapes undone; null if there is none or it is empty.
 *
 * @throws MalformedRecord if there are several, or one holds elements: its text would not be the whole
 */
export function childText(element: XmlElement, name: string): string | null {
  const values = children(element, name);
  if (values.length === 0) return null;
  if (values.length > 1) throw new MalformedRecord(`${quantity(values.length, 'elements')} "${name}"`);
  return textOf(values[0] as XmlValue, name);
}

/**
 * The text of a child that a paper must have; see {@link childText}.
 *
 * @param limit characters above which it is no title, or no text, of a paper
 * @throws MalformedRecord if it is missing, too long, or was damaged on its way
 */
export function requiredChild(element: XmlElement, name: string, limit?: number): string {
  const text = requiredText({ [name]: childText(element, name) }, name, limit);
  if (DAMAGED.test(text)) throw new MalformedRecord(`"${name}" has characters that XML cannot have`);
  if (ANOTHER_FIELD.test(text)) throw new MalformedRecord(`"${name}" runs into other fields`);
  return text;
}

/** What XML forbids (control characters), and what bytes that are not UTF-8 become. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const DAMAGED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd-\uffff]/;

/** What a text holds if a stray comment or CDATA section has swallowed the end of its element, and more papers with it. */
const ANOTHER_FIELD = /<\/(?:\w+:)?(?:title|summary|entry|abstract|record)>/;

/** The text of an element; see {@link childText}. */
export function textOf(value: XmlValue, name: string): string | null {
  if (typeof value === 'string') return foldedText(value);
  if (Object.keys(value).some((key) => key !== TEXT && !key.startsWith('@'))) {
    throw new MalformedRecord(`elements within "${name}"`);
  }
  const text = value[TEXT];
  return typeof text === 'string' ? foldedText(text) : null;
}

/** Without its HTML and with whitespace folded; null where nothing is left. */
function foldedText(text: string): string | null {
  const folded = foldWhitespace(plainText(text));
  return folded === '' ? null : folded;
}
