/**
 * Answers of arXiv's OAI-PMH interface (ListRecords) to papers. Both of arXiv's own formats are read: "arXiv" and
 * "arXivRaw", which has the history of versions.
 * Protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html; arXiv's sets: https://info.arxiv.org/help/oa/
 */

import { TransientError } from '../../core/retry.js';
import { parseArxivId } from '../arxiv-id.js';
import { MAX_TEXT, MalformedRecord } from '../record.js';
import type { FetchedPaper } from './paper-line.js';
import { attribute, childText, elements, parseXml, requiredChild, textOf, type XmlElement } from './xml.js';

export interface OaiPage {
  papers: FetchedPaper[];
  /** Records that arXiv has deleted. */
  deleted: number;
  malformed: string[];
  /** What to ask for next; null on the last page. */
  resumptionToken: string | null;
  /** The page says that the list continues or ends: it has a token, perhaps an empty one. A list of one page has none. */
  tellsEnd: boolean;
  /** Records of the whole list, by the server's estimate; null where it gives none. */
  listSize: number | null;
  /** The protocol's error: "badResumptionToken", "noRecordsMatch", "badArgument", …; null for an ordinary page. */
  error: { code: string; message: string } | null;
}

/**
 * @throws TransientError if the text is no complete answer of the protocol
 * @throws WorkError if it declares a document type
 */
export function parseOai(text: string): OaiPage {
  try {
    return pageOf(text);
  } catch (error) {
    if (error instanceof MalformedRecord) throw new TransientError(`the OAI-PMH answer: ${error.message}`);
    throw error;
  }
}

function pageOf(text: string): OaiPage {
  const { name, root } = parseXml(text, 'the answer of the OAI-PMH interface');
  if (name !== 'OAI-PMH') throw new TransientError(`the answer is a <${name}> instead of an OAI-PMH document`);
  const page: OaiPage = {
    papers: [],
    deleted: 0,
    malformed: [],
    resumptionToken: null,
    tellsEnd: false,
    listSize: null,
    error: null,
  };
  const [error] = elements(root, 'error');
  if (error) {
    const code = attribute(error, 'code') ?? 'unknown';
    return { ...page, error: { code, message: textOf(error, 'error') ?? code } };
  }
  const [list] = elements(root, 'ListRecords');
  if (!list) throw new TransientError('the answer of the OAI-PMH interface has neither records nor an error');
  for (const record of elements(list, 'record')) readRecord(record, page);
  page.resumptionToken = childText(list, 'resumptionToken');
  const [token] = elements(list, 'resumptionToken');
  page.tellsEnd = token !== undefined;
  const size = token && attribute(token, 'completeListSize');
  page.listSize = size && /^\d{1,9}$/.test(size) ? Number(size) : null;
  return page;
}

function readRecord(record: XmlElement, page: OaiPage): void {
  try {
    const [header] = elements(record, 'header');
    if (header && attribute(header, 'status') === 'deleted') page.deleted++;
    else page.papers.push(paperOfRecord(record));
  } catch (error) {
    if (!(error instanceof MalformedRecord)) throw error;
    page.malformed.push(error.message);
  }
}

function paperOfRecord(record: XmlElement): FetchedPaper {
  const metadata = elements(record, 'metadata')[0] ?? {};
  const body = elements(metadata, 'arXiv')[0] ?? elements(metadata, 'arXivRaw')[0];
  if (!body) throw new MalformedRecord('no metadata in the format arXiv or arXivRaw');
  const parsed = parseArxivId(childText(body, 'id') ?? '');
  if (!parsed) throw new MalformedRecord(`the id ${JSON.stringify(childText(body, 'id'))}`);
  const title = requiredChild(body, 'title');
  const abstract = requiredChild(body, 'abstract', MAX_TEXT);
  const categories = requiredChild(body, 'categories').split(' ');
  return {
    id: parsed.id,
    title,
    abstract,
    categories: [...new Set(categories)],
    authors: authorsOf(body),
    ...datesOf(body),
    comments: childText(body, 'comments'),
    doi: childText(body, 'doi'),
    journalReference: childText(body, 'journal-ref'),
  };
}

/** The version and the dates, from `created` and `updated` (arXiv) or the list of versions (arXivRaw). */
function datesOf(body: XmlElement): Pick<FetchedPaper, 'version' | 'published' | 'updated'> {
  const versions = elements(body, 'version').map((element) => ({
    number: Number(attribute(element, 'version')?.replace(/^v/, '')),
    date: isoDate(childText(element, 'date')),
  }));
  if (versions.length > 0) {
    versions.sort((a, b) => a.number - b.number);
    const last = versions.at(-1);
    return { version: last?.number || null, published: versions[0]?.date ?? null, updated: last?.date ?? null };
  }
  const published = isoDate(childText(body, 'created'));
  return { version: null, published, updated: isoDate(childText(body, 'updated')) ?? published };
}

function authorsOf(body: XmlElement): string[] {
  const [authors] = elements(body, 'authors');
  if (!authors) return [];
  const people = elements(authors, 'author');
  if (people.length === 0) return [textOf(authors, 'authors') ?? ''].filter((text) => text !== '');
  return people.map((person) =>
    [childText(person, 'forenames'), childText(person, 'keyname'), childText(person, 'suffix')]
      .filter(Boolean)
      .join(' '),
  );
}

function isoDate(text: string | null): string | null {
  if (text === null) return null;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** arXiv's archives in the group "physics"; all others are groups of their own name. */
const PHYSICS = new Set(
  'astro-ph cond-mat gr-qc hep-ex hep-lat hep-ph hep-th math-ph nlin nucl-ex nucl-th physics quant-ph'.split(' '),
);

/**
 * The OAI set of a category or archive, as group:archive:CATEGORY: "physics:gr-qc", "physics:astro-ph:CO", "cs:cs:LG";
 * a group that is one archive goes by its own name, "q-bio".
 */
export function oaiSet(category: string): string {
  const [archive, subject] = category.split('.') as [string, string?];
  const group = PHYSICS.has(archive) ? 'physics' : archive;
  if (subject !== undefined) return `${group}:${archive}:${subject}`;
  return group === archive ? archive : `${group}:${archive}`;
}
