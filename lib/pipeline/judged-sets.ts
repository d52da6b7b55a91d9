/** Judged queries from elsewhere, several of them in one report: does a training on titles cost generality? */
import { basename } from 'node:path';
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import { readBeir } from '../evaluation/formats/beir.js';
import { readCitations } from '../evaluation/formats/citations.js';
import type { Report, SetReport } from '../evaluation/report.js';
import { BEIR_BM25 } from '../retrieval/systems/bm25-index.js';
import type { EvaluationTask } from './task.js';

/** A BEIR folder, or papers with references as JSON lines: see evaluation/formats. */
export type JudgedSet = { kind: 'beir'; folder: string } | { kind: 'citations'; file: string };

export function isJudged(task: { kind: string }): task is JudgedSet {
  return task.kind === 'beir' || task.kind === 'citations';
}

/** Corpus and queries, and the configuration under which they are evaluated. */
export interface JudgedTask {
  task: EvaluationTask;
  settings: Config;
}

/** A set as a report tells of it. */
export interface NamedTask extends JudgedTask {
  name: string;
  note?: string;
}

/** Sets for a report whose first, where it is one of these, is read already. */
export async function readSets(
  sets: readonly JudgedSet[],
  first: JudgedSet | null,
  config: Config,
  reporting: Reporting,
): Promise<NamedTask[]> {
  const names = setNames(first ? [first, ...sets] : sets).slice(first ? 1 : 0);
  const read: NamedTask[] = [];
  for (const [i, set] of sets.entries()) read.push({ name: names[i]!, ...(await judgedTask(set, config, reporting)) });
  return read;
}

export async function judgedTask(set: JudgedSet, config: Config, { onMessage }: Reporting): Promise<JudgedTask> {
  if (set.kind === 'citations') {
    const { split, testShare: share } = config.datasets;
    const task = await readCitations(set.file, { from: split.testFrom, share, ...(onMessage && { onMessage }) });
    return { task, settings: config };
  }
  const { bm25 } = config.evaluation;
  const evaluation = { ...config.evaluation, bm25: { k1: bm25.k1 ?? BEIR_BM25.k1, b: bm25.b ?? BEIR_BM25.b } };
  return { task: await readBeir(set.folder), settings: { ...config, evaluation } };
}

/** Names for sets, each another: "cranfield", "cranfield-2". */
export function setNames(sets: readonly JudgedSet[]): string[] {
  const taken = new Set<string>();
  return sets.map((set) => {
    const name = basename(set.kind === 'beir' ? set.folder : set.file).replace(/\.jsonl?(\.gz)?$/, '');
    let free = name;
    for (let n = 2; taken.has(free); n++) free = `${name}-${n}`;
    taken.add(free);
    return free;
  });
}

/** What a report of several sets keeps of each. */
export function setReport({ name, note }: Pick<NamedTask, 'name' | 'note'>, report: Report): SetReport {
  const { corpus, joins, systems, comparisons, skipped, queryKinds, lexicalOverlap } = report;
  return {
    name,
    ...(note && { note }),
    corpus,
    systems,
    comparisons,
    skipped,
    ...(joins && { joins }),
    ...(queryKinds && { queryKinds }),
    ...(lexicalOverlap && { lexicalOverlap }),
  };
}
