/**
 * The papers of a metadata snapshot, of all categories, by the split that the experiment uses: what an
 * encoder is made from must not hold a paper that the experiment later tests it on.
 */
import { type Config, resolveConfig } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import { groupDuplicates } from '../datasets/cleaning/near-duplicates.js';
import type { Split } from '../datasets/paper.js';
import type { SourceRecord } from '../datasets/record.js';
import { readSnapshot } from '../datasets/snapshot/read.js';
import { sideOfKey } from '../datasets/splits.js';
import { topicLookup } from '../datasets/topics.js';

/** Each paper once, in the split of the strictest of its near duplicates: test before validation before training. */
export type PapersBySplit = Record<Split, SourceRecord[]>;

const STRICTNESS: Record<Split, number> = { train: 0, validation: 1, test: 2 };

/**
 * Reads a snapshot (.jsonl or .jsonl.gz). The experiment groups near duplicates among the papers of its topics only, so
 * any member of a group found here could give the whole group its split there.
 *
 * @throws UserError where the file cannot be read or holds no training paper
 */
export async function readPapersBySplit(path: string, reporting: Reporting = {}): Promise<PapersBySplit> {
  const { validationShare, testShare } = resolveConfig().datasets;
  const byId = new Map<string, SourceRecord>();
  for await (const record of readSnapshot(path, { isWanted: () => true, strict: false }, undefined, reporting)) {
    if (!byId.has(record.id)) byId.set(record.id, record);
  }
  const papers = [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const groups = await groupDuplicates(papers, reporting);
  const splitOfGroup = new Map<string, Split>();
  for (const { titleKey, groupKey } of groups) {
    const split = sideOfKey(titleKey, validationShare, testShare);
    const known = splitOfGroup.get(groupKey);
    if (!known || STRICTNESS[split] > STRICTNESS[known]) splitOfGroup.set(groupKey, split);
  }
  const out: PapersBySplit = { train: [], validation: [], test: [] };
  papers.forEach((paper, i) => {
    out[splitOfGroup.get(groups[i]!.groupKey)!].push(paper);
  });
  if (out.train.length === 0) throw new UserError(`"${path}" holds no paper to train on: expected a metadata snapshot`);
  return out;
}

/**
 * The papers by split, without the topics that the encoder must not see. Those of the test split keep them.
 *
 * @throws UserError where the file cannot be read or a split has fewer than 2 papers
 */
export async function readSeenPapers(
  data: string,
  { pretraining }: Config,
  reporting: Reporting,
): Promise<PapersBySplit> {
  const excluded = topicLookup(pretraining.excludedTopics.map((name) => ({ name, role: 'main' })));
  const isSeen = ({ categories }: SourceRecord): boolean => excluded(categories[0] ?? '') === null;
  const { train, validation, test } = await readPapersBySplit(data, reporting);
  const papers = { train: train.filter(isSeen), validation: validation.filter(isSeen), test };
  for (const [split, { length }] of Object.entries(papers)) {
    if (length >= 2) continue;
    throw new UserError(
      `"${data}" has ${quantity(length, 'papers')} in the ${split} split${pretraining.excludedTopics.length > 0 ? ` without ${pretraining.excludedTopics.join(', ')}` : ''}: expected at least 2; use more papers`,
    );
  }
  return papers;
}
