/**
 * Groups papers that must not be in two splits: equal title keys (a paper and its comment, reply, erratum),
 * equal abstracts, and similar titles (similar-titles.ts).
 */
import { createHash } from 'node:crypto';
import { tellingTurns } from '../../core/event-loop.js';
import type { Reporting } from '../../core/events.js';
import { DisjointSets, type Groupable } from './disjoint-sets.js';
import { joinSimilar } from './similar-titles.js';
import { titleKey } from './title-key.js';

/** What remains where the work is stopped. */
const KEPT = 'the source is read anew next time';

/** What a paper shares with others. */
export interface DuplicateGroup {
  titleKey: string;
  /** Fingerprint of the abstract. */
  abstractKey: number;
  /** The title key of the group's earliest paper by date and id: equal for all of the group. */
  groupKey: string;
  /** The date of the representative. */
  groupDate: string | null;
}

/**
 * @param papers in any order; the groups do not depend on it
 * @returns one entry a paper, in the order of the papers
 */
export async function groupDuplicates(
  papers: readonly Groupable[],
  reporting: Reporting = {},
): Promise<DuplicateGroup[]> {
  const titleKeys: string[] = [];
  // Without spaces "black-hole", "black hole" and "blackhole" are the same.
  const titleDigests = new Float64Array(papers.length);
  const abstractKeys = new Float64Array(papers.length);
  const tell = tellingTurns({ task: 'finding equal papers', total: papers.length, unit: 'papers' }, reporting, KEPT);
  for (const [index, paper] of papers.entries()) {
    const key = titleKey(paper.title);
    titleKeys.push(key);
    titleDigests[index] = digest(key.replaceAll(' ', ''));
    abstractKeys[index] = abstractKey(paper.abstract);
    await tell(index + 1);
  }
  const sets = new DisjointSets(papers);
  joinEqual(titleDigests, sets);
  joinEqual(abstractKeys, sets);
  const similar = { task: 'finding similar titles', total: papers.length, unit: 'titles' };
  await joinSimilar(titleKeys, sets, tellingTurns(similar, reporting, KEPT));
  return papers.map((_, index) => {
    const first = sets.root(index);
    return {
      titleKey: titleKeys[index] as string,
      abstractKey: abstractKeys[index] as number,
      groupKey: titleKeys[first] as string,
      groupDate: papers[first]?.published ?? null,
    };
  });
}

/** A fingerprint of the abstract's letters and digits, whatever their case and what is between them. */
function abstractKey(abstract: string): number {
  return digest(abstract.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''));
}

/** 53 bits of the text's SHA-256: two of three million texts share them with a probability of one in two thousand. */
function digest(text: string): number {
  const bytes = createHash('sha256').update(text).digest();
  return bytes.readUInt32BE(0) * 2 ** 21 + (bytes.readUInt32BE(4) >>> 11);
}

/** Papers of equal keys are joined; a table of places (open addressing), since a Map takes ten times as much. */
function joinEqual(keys: Float64Array, sets: DisjointSets): void {
  const mask = 2 ** Math.ceil(Math.log2(2 * keys.length + 2)) - 1;
  const table = new Int32Array(mask + 1).fill(-1);
  keys.forEach((key, index) => {
    let place = key & mask;
    while (table[place] !== -1 && keys[table[place] as number] !== key) place = (place + 1) & mask;
    if (table[place] === -1) table[place] = index;
    else sets.join(table[place] as number, index);
  });
}
