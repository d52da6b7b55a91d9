/** Names papers by what the steps after the first read of them. */
import { createHash } from 'node:crypto';
import type { SplitPaper } from '../datasets/paper.js';
import { StoredPaper } from '../datasets/stored-paper.js';

/** Of papers in a file: reading all of them takes a while, and nobody changes them. */
const known = new WeakMap<readonly SplitPaper[], string>();

export function papersFingerprint(papers: readonly SplitPaper[]): string {
  const before = known.get(papers);
  if (before !== undefined) return before;
  const hash = createHash('sha256');
  for (const { id, title, abstract, topic, role, split } of papers) {
    hash.update(`${id}\0${title}\0${abstract}\0${topic}\0${role}\0${split}\n`);
  }
  const fingerprint = hash.digest('hex').slice(0, 24);
  if (papers[0] instanceof StoredPaper) known.set(papers, fingerprint);
  return fingerprint;
}
