/**
 * arXiv identifiers: "0704.0001" (since April 2007), "astro-ph/0601001" (before), either with a version "v2".
 * Papers are counted once, so everything downstream uses the id without its version.
 * Scheme: https://info.arxiv.org/help/arxiv_identifier.html
 */

/** An id and the version that came with it; null where the text named none. */
export interface VersionedId {
  id: string;
  version: number | null;
}

const URL_PREFIX = /^(?:https?:\/\/(?:[a-z]+\.)?arxiv\.org\/(?:abs|pdf)\/|oai:arxiv\.org:|arxiv:)/i;
const NEW_STYLE = /^(\d{4}\.\d{4,5})(?:v(\d+))?$/;
// The subject class of "math.GT/0309136" is no part of the identifier: math/0309136 is the same paper.
const OLD_STYLE = /^([a-z]+(?:-[a-z]+)?)(?:\.[A-Za-z-]{2,})?\/(\d{7})(?:v(\d+))?$/;

/** Reads an arXiv id from an id, an abstract page's address or an OAI identifier; null if the text holds none. */
export function parseArxivId(text: string): VersionedId | null {
  const bare = text.trim().replace(URL_PREFIX, '');
  const modern = NEW_STYLE.exec(bare);
  if (modern) return { id: modern[1] as string, version: modern[2] ? Number(modern[2]) : null };
  const old = OLD_STYLE.exec(bare);
  if (old) return { id: `${old[1]}/${old[2]}`, version: old[3] ? Number(old[3]) : null };
  return null;
}

/** Any corpus' id: arXiv's without its version, others as they are. */
export function parsePaperId(text: string): VersionedId {
  return parseArxivId(text) ?? { id: text.trim(), version: null };
}

/**
 * The first day of the month that an arXiv id was given in, as an ISO date; null for other ids.
 * It is the month of the announcement, at most a few days after the submission.
 */
export function monthOfId(id: string): string | null {
  const digits = /^(\d{2})(\d{2})\.\d{4,5}$/.exec(id) ?? /^[a-z-]+\/(\d{2})(\d{2})\d{3}$/.exec(id);
  if (!digits) return null;
  const year = Number(digits[1]);
  const month = Number(digits[2]);
  if (month < 1 || month > 12) return null;
  // arXiv began in August 1991.
  return `${year >= 91 ? 1900 + year : 2000 + year}-${digits[2]}-01`;
}
