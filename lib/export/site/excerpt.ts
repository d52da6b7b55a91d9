/** What is shown of a paper: the part of its abstract that has most of a query's words, with these words marked. */
import { scientificTerms } from '../../retrieval/systems/scientific-terms.js';

/** Pieces of a text in its order; joined they are the text. */
export type MarkedText = { text: string; isMatch: boolean }[];

export interface Excerpt {
  pieces: MarkedText;
  /** Whether text was left out before and behind it. */
  cutBefore: boolean;
  cutAfter: boolean;
}

/** Characters of an excerpt, about. */
const LENGTH = 320;

/** The text in pieces, those marked that BM25 takes for a word of the query. */
export function markedText(text: string, query: string): MarkedText {
  const terms = new Set(scientificTerms(query));
  const pieces: MarkedText = [];
  let end = 0;
  for (const { index, 0: word } of text.matchAll(/[\p{L}\p{N}\p{Mn}]+/gu)) {
    if (!scientificTerms(word).some((term) => terms.has(term))) continue;
    if (index > end) pieces.push({ text: text.slice(end, index), isMatch: false });
    pieces.push({ text: word, isMatch: true });
    end = index + word.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isMatch: false });
  return pieces;
}

/** From the sentence on behind which most different words of the query come; from the beginning where none do. */
export function excerptOf(text: string, query: string): Excerpt {
  const terms = new Set(scientificTerms(query));
  let start = 0;
  let most = 0;
  for (const place of sentenceStarts(text)) {
    const found = new Set(scientificTerms(text.slice(place, place + LENGTH)).filter((term) => terms.has(term))).size;
    if (found <= most) continue;
    most = found;
    start = place;
  }
  const rest = text.slice(start);
  const shown = rest.length > LENGTH * 1.25 ? rest.slice(0, LENGTH).replace(/\s+\S*$/, '') : rest;
  return { pieces: markedText(shown, query), cutBefore: start > 0, cutAfter: shown.length < rest.length };
}

function sentenceStarts(text: string): number[] {
  const ends = [...text.matchAll(/[.!?]\s+(?=[\p{Lu}$\\])/gu)].map(({ index, 0: match }) => index + match.length);
  return [0, ...ends];
}
