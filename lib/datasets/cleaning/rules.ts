/**
 * What makes a record unfit for title-to-abstract retrieval. Each rule is a plain test of one record; the counts of
 * all of them are in the cleaning table.
 */
import type { SourceRecord } from '../record.js';

const SUBJECT = '(?:paper|article|manuscript|submission|preprint|work|note|letter|version|document|entry|e-?print)';
const AUXILIARY = '(?:has been|have been|had to be|was|were|is(?: being| now| hereby)?|are|should be|must be)';
const WITHDRAWN = '(?:temporarily |permanently |voluntarily )?(?:withdrawn|retracted)';
const NOTICE = new RegExp(`\\b${SUBJECT}s?\\b[^.]{0,60}?\\b${AUXILIARY} ${WITHDRAWN}\\b`, 'i');
const NOTICE_AT_START = new RegExp(
  `^\\W*(?:(?:this|the|our)\\W+(?:\\w+\\W+){0,3}?${SUBJECT}s?\\b[^.]{0,60}?\\b)?(?:${AUXILIARY} )?${WITHDRAWN}\\b`,
  'i',
);
const AUTHORS_WITHDRAW = /\bauthors? (?:has |have )?(?:withdrawn?|retracte?d?)s? (?:this|the)\b/i;

/** Words above which a mention of a withdrawal is taken for the subject of the abstract, unless it opens it. */
const NOTICE_WORDS = 60;

/** Whether the authors withdrew the paper: its abstract is then a notice instead of a summary. */
export function isWithdrawn(record: Pick<SourceRecord, 'abstract' | 'comments'>): boolean {
  const { abstract, comments } = record;
  if (/withdr|retract/i.test(comments) && (NOTICE_AT_START.test(comments) || NOTICE.test(comments))) return true;
  if (!/withdr|retract/i.test(abstract)) return false;
  if (NOTICE_AT_START.test(abstract)) return true;
  return (
    wordCount(abstract, NOTICE_WORDS + 1) <= NOTICE_WORDS && (NOTICE.test(abstract) || AUTHORS_WITHDRAW.test(abstract))
  );
}

/** Words separated by spaces (whitespace is folded already), counted no further than `limit`. */
export function wordCount(text: string, limit = Number.POSITIVE_INFINITY): number {
  if (text === '') return 0;
  let count = 1;
  for (let space = text.indexOf(' '); space >= 0 && count < limit; space = text.indexOf(' ', space + 1)) count++;
  return count;
}

/** Titles of fewer words occur in abstracts by chance. */
const TITLE_WORDS = 3;

/**
 * Whether the abstract holds the paper's own title word for word: such a pair is found by string search alone, so the
 * table flags it. (In real arXiv data about 2 % of the papers.)
 */
export function titleInAbstract(paper: { title: string; abstract: string }): boolean {
  if (wordCount(paper.title, TITLE_WORDS) < TITLE_WORDS) return false;
  return paper.abstract.toLowerCase().includes(paper.title.toLowerCase().replace(/[.?!]$/, ''));
}
