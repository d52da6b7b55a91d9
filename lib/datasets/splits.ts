/**
 * Train, validation and test. By hash: the side of a paper is a pure function of its title key, so that it stays where
 * it is when papers are added, and papers of equal keys (a paper and its comment) fall on one side by themselves. By
 * time: papers before a date train, papers from it on test; the honest choice for a base model that may have
 * read older papers while it was pre-trained.
 *
 * Groups of similar titles or equal abstracts take the side of their earliest paper. Adding papers can therefore only
 * move a paper that turns out to be a near duplicate of an earlier one that was not there before.
 */
import { createHash } from 'node:crypto';
import { UserError } from '../core/errors.js';
import type { DuplicateGroup } from './cleaning/near-duplicates.js';
import type { Paper, Split, SplitPaper } from './paper.js';
import { paperWith } from './stored-paper.js';

export interface SplitOptions {
  method: 'hash' | 'time';
  /** Share of all papers (by hash), or of those before the date (by time). */
  validationShare: number;
  /** Share of all papers; not used by time. */
  testShare: number;
  /** ISO date of the first test paper, for a split by time. */
  testFrom: string | null;
}

export interface SplitResult {
  papers: SplitPaper[];
  undated: number;
  straddling: number;
}

/** A paper with what it shares with others. */
export interface GroupedPaper {
  paper: Paper;
  group: DuplicateGroup;
}

/** @throws UserError if a split by time lacks its date, or the papers theirs */
export function splitPapers(papers: readonly GroupedPaper[], options: SplitOptions): SplitResult {
  if (options.method === 'time') return splitByTime(papers, options);
  const split = papers.map(
    ({ paper, group }): SplitPaper =>
      paperWith(paper, { split: sideOfKey(group.groupKey, options.validationShare, options.testShare) }),
  );
  return { papers: split, undated: 0, straddling: 0 };
}

/** The side of a key; test comes first, so that another validation share leaves the test papers as they are. */
export function sideOfKey(key: string, validationShare: number, testShare: number): Split {
  const position = hashFraction(key);
  if (position < testShare) return 'test';
  return position < testShare + validationShare ? 'validation' : 'train';
}

/** A number in [0, 1) from the first 48 bits of the text's SHA-256. */
export function hashFraction(text: string): number {
  return createHash('sha256').update(text, 'utf8').digest().readUIntBE(0, 6) / 2 ** 48;
}

function splitByTime(papers: readonly GroupedPaper[], options: SplitOptions): SplitResult {
  const testFrom = options.testFrom;
  if (testFrom === null) {
    throw new UserError('a split by time needs its date: set datasets.split.testFrom, for example to "2024-01-01"');
  }
  const result: SplitResult = { papers: [], undated: 0, straddling: 0 };
  for (const { paper, group } of papers) {
    if (paper.published === null) {
      result.undated++;
    } else if (paper.published < testFrom) {
      result.papers.push(paperWith(paper, { split: sideOfKey(group.groupKey, options.validationShare, 0) }));
    } else if (group.groupDate !== null && group.groupDate < testFrom) {
      // Left out instead of its earlier near duplicate, so that papers added later never move those that were there.
      result.straddling++;
    } else {
      result.papers.push(paperWith(paper, { split: 'test' as const }));
    }
  }
  if (result.papers.length === 0 && papers.length > 0) {
    throw new UserError(`no paper of ${papers.length} has a date to split by: set datasets.split.method to "hash"`);
  }
  return result;
}
