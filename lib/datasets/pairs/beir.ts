/**
 * A BEIR folder as pairs: each judgement of qrels/train.tsv, dev.tsv and test.tsv is one, with its grade as the score. What
 * nobody judges is searched on every side.
 */
import { join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { type BeirDocument, findBeirFile, readBeirCorpus, readBeirQueries } from '../beir/folder.js';
import { readQrels } from '../beir/qrels.js';
import type { Split } from '../paper.js';
import type { Collection, RawPair } from './pair.js';

const QRELS: [file: string, split: Split][] = [
  ['train', 'train'],
  ['dev', 'validation'],
  ['validation', 'validation'],
  ['test', 'test'],
];

/** Judgements of a folder, by the file that has them. */
function qrelsOf(folder: string): { path: string; split: Split }[] {
  return QRELS.flatMap(([name, split]) => {
    const path = findBeirFile(folder, join('qrels', `${name}.tsv`));
    return path === null ? [] : [{ path, split }];
  });
}

/** Whether the folder has judgements to train on. */
export function isBeirToTrainOn(folder: string): boolean {
  const isBeir = findBeirFile(folder, 'corpus.jsonl') !== null && findBeirFile(folder, 'queries.jsonl') !== null;
  return isBeir && qrelsOf(folder).some(({ split }) => split === 'train');
}

/** The files that are read. */
export function beirFiles(folder: string): string[] {
  const texts = ['corpus.jsonl', 'queries.jsonl'].flatMap((name) => findBeirFile(folder, name) ?? []);
  return [...texts, ...qrelsOf(folder).map(({ path }) => path)];
}

export interface BeirPairs {
  pairs: RawPair[];
  corpus: Map<string, BeirDocument>;
  unfound: Collection['unfound'];
  /** Judgements of queries that the folder lacks. */
  withoutQuery: number;
}

/** @throws UserError as for an evaluation: a missing file, a line that is no record, an id twice, contradictory grades */
export async function readBeirPairs(folder: string): Promise<BeirPairs> {
  const corpus = await readBeirCorpus(folder);
  const queries = await readBeirQueries(folder);
  const result: BeirPairs = { pairs: [], corpus, unfound: [], withoutQuery: 0 };
  const files = qrelsOf(folder);
  if (files.length === 0) {
    throw new UserError(`"${folder}" has no judgements: expected qrels/train.tsv, and qrels/test.tsv to evaluate on`);
  }
  for (const { path, split } of files) {
    for (const [queryId, grades] of await readQrels(path)) {
      const text = queries.get(queryId)?.trim();
      for (const [documentId, grade] of grades) {
        const document = corpus.get(documentId);
        if (text === undefined || text === '') result.withoutQuery++;
        else if (document === undefined || document.text.trim() === '') {
          result.unfound.push({ split, query: queryId, text, document: documentId, grade });
        } else result.pairs.push({ query: { id: queryId, text }, document, negatives: [], score: grade, split });
      }
    }
  }
  if (result.pairs.length === 0) {
    throw new UserError(
      `no judgement of "${folder}" has its query and its document: check that the files belong together`,
    );
  }
  return result;
}
