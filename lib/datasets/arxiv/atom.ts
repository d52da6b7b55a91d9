/**
 * Answers of the arXiv API (Atom 1.0 with the opensearch and arxiv extensions) to papers.
 * Manual: https://info.arxiv.org/help/api/user-manual.html
 */

import { TransientError } from '../../core/retry.js';
import { parseArxivId } from '../arxiv-id.js';
import { MAX_TEXT, MalformedRecord } from '../record.js';
import type { FetchedPaper } from './paper-line.js';
import { attribute, children, childText, elements, parseXml, requiredChild, textOf, type XmlElement } from './xml.js';

export interface AtomPage {
  /** Papers that the query has in all; null where the feed does not say. */
  total: number | null;
  papers: FetchedPaper[];
  /** What is wrong with the entries that are no papers, one text each: 'no "title"'. */
  malformed: string[];
  /** The message of an error entry ("incorrect id format for abc"); null for an ordinary page. */
  error: string | null;
}

/**
 * @throws TransientError if the text is no complete feed
 * @throws WorkError if it declares a document type
 */
export function parseAtom(text: string): AtomPage {
  try {
    return pageOf(text);
  } catch (error) {
    if (error instanceof MalformedRecord) throw new TransientError(`the arXiv API's answer: ${error.message}`);
    throw error;
  }
}

function pageOf(text: string): AtomPage {
  const { name, root } = parseXml(text, 'the answer of the arXiv API');
  if (name !== 'feed') throw new TransientError(`the answer of the arXiv API is a <${name}> instead of an Atom feed`);
  const page: AtomPage = { total: totalOf(root), papers: [], malformed: [], error: null };
  for (const entry of elements(root, 'entry')) {
    try {
      page.error ??= errorOf(entry);
      page.papers.push(paperOfEntry(entry));
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      page.malformed.push(error.message);
    }
  }
  return page;
}

function totalOf(feed: XmlElement): number | null {
  const [value] = elements(feed, 'totalResults');
  if (!value) return null;
  const text = textOf(value, 'totalResults') ?? '';
  if (!/^\d{1,9}$/.test(text)) throw new TransientError(`the answer of the arXiv API has totalResults "${text}"`);
  return Number(text);
}

function errorOf(entry: XmlElement): string | null {
  const id = childText(entry, 'id') ?? '';
  if (!id.includes('/api/errors')) return null;
  return childText(entry, 'summary') ?? 'no reason given';
}

function paperOfEntry(entry: XmlElement): FetchedPaper {
  const address = childText(entry, 'id');
  const parsed = address === null ? null : parseArxivId(address);
  if (!parsed) throw new MalformedRecord(`the id ${JSON.stringify(address)}`);
  const title = requiredChild(entry, 'title');
  const abstract = requiredChild(entry, 'summary', MAX_TEXT);
  const categories = categoriesOf(entry);
  if (categories.length === 0) throw new MalformedRecord(`no category of ${parsed.id}`);
  return {
    ...parsed,
    title,
    abstract,
    categories,
    authors: elements(entry, 'author').flatMap((author) => childText(author, 'name') ?? []),
    published: dateOf(entry, 'published'),
    updated: dateOf(entry, 'updated'),
    comments: childText(entry, 'comment'),
    doi: childText(entry, 'doi'),
    // Some papers have several journal references.
    journalReference:
      children(entry, 'journal_ref')
        .flatMap((value) => textOf(value, 'journal_ref') ?? [])
        .join('; ') || null,
  };
}

/** The primary category, or the first where the feed names none, then the others. */
function categoriesOf(entry: XmlElement): string[] {
  const terms = (name: string): string[] =>
    elements(entry, name).flatMap((element) => attribute(element, 'term')?.trim() || []);
  // Classifications of other schemes (MSC, ACM) come as categories as well, sometimes many in one term.
  const categories = terms('category').filter((term) => /^[a-z-]+(?:\.[A-Za-z-]+)?$/.test(term));
  return [...new Set([...terms('primary_category'), ...categories])];
}

function dateOf(entry: XmlElement, name: string): string | null {
  const text = childText(entry, name);
  if (text === null) return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
