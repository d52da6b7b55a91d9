/**
 * The papers of a metadata snapshot, of all categories, by the sides of the split that the experiment uses: what an
 * encoder is made from must not hold a paper that the experiment later tests it on.
 */
import { resolveConfig } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { groupDuplicates } from '../datasets/cleaning/near-duplicates.js';
import type { Split } from '../datasets/paper.js';
import type { SourceRecord } from '../datasets/record.js';
import { readSnapshot } from '../datasets/snapshot/read.js';
import { sideOfKey } from '../datasets/splits.js';

/** Each paper once, on the side of the strictest of its near duplicates: test before validation before training. */
export type PapersBySide = Record<Split, SourceRecord[]>;

const STRICTNESS: Record<Split, number> = { train: 0, validation: 1, test: 2 };

/**
 * Reads a snapshot (.jsonl or .jsonl.gz). The experiment groups near duplicates among the papers of its topics only, so
 * any member of a group found here could give the whole group its side there.
 *
 * @throws UserError where the file cannot be read or holds no training paper
 */
export async function readPapersBySide(path: string, reporting: Reporting = {}): Promise<PapersBySide> {
  const { validationShare, testShare } = resolveConfig().datasets;
  const byId = new Map<string, SourceRecord>();
  for await (const record of readSnapshot(path, { isWanted: () => true, strict: false }, undefined, reporting)) {
    if (!byId.has(record.id)) byId.set(record.id, record);
  }
  const papers = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const groups = groupDuplicates(papers);
  const sideOfGroup = new Map<string, Split>();
  for (const { titleKey, groupKey } of groups) {
    const side = sideOfKey(titleKey, validationShare, testShare);
    const known = sideOfGroup.get(groupKey);
    if (!known || STRICTNESS[side] > STRICTNESS[known]) sideOfGroup.set(groupKey, side);
  }
  const out: PapersBySide = { train: [], validation: [], test: [] };
  papers.forEach((paper, i) => {
    out[sideOfGroup.get(groups[i]!.groupKey)!].push(paper);
  });
  if (out.train.length === 0) throw new UserError(`"${path}" holds no paper to train on: expected a metadata snapshot`);
  return out;
}
