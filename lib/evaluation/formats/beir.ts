/**
 * BEIR folders (../../datasets/beir/folder.ts) as evaluation tasks.
 *
 * What does not fit together is counted by the evaluation (see ../joins.ts): judged documents that the corpus lacks count as
 * not found, as in BEIR, and judged queries without text are left out. Where nothing fits, reading is an error.
 */
import path from 'node:path';
import { UserError } from '../../core/errors.js';
import { beirFile, readBeirCorpus, readBeirQueries } from '../../datasets/beir/folder.js';
import { readQrels } from '../../datasets/beir/qrels.js';
import type { Qrels } from '../../retrieval/ranking.js';
import type { CorpusDocument, Query } from '../../retrieval/systems/retrieval-system.js';

export interface BeirTask {
  corpus: CorpusDocument[];
  /** Those with judgements in the split. */
  queries: Query[];
  qrels: Qrels;
  /** BEIR leaves a document out of the results of the query that has its id. */
  dropSelf: true;
}

/**
 * Reads a BEIR folder. A document is searched by title and text together, as BEIR does.
 *
 * @param split name of the judgements: "test" unless told otherwise
 * @throws UserError for a missing file, a line that is no such record, an id twice, or judgements of no known query or
 * no known document
 */
export async function readBeir(folder: string, split = 'test'): Promise<BeirTask> {
  const corpus = await readBeirCorpus(folder);
  const qrels = await readQrels(beirFile(folder, path.join('qrels', `${split}.tsv`)));
  const texts = await readBeirQueries(folder);
  const queries = Array.from(texts, ([id, text]) => ({ id, text })).filter(({ id }) => qrels.has(id));
  if (queries.length === 0) {
    throw new UserError(
      `no query of "${folder}" has judgements in qrels/${split}.tsv: check that the files belong together`,
    );
  }
  const judged = [...qrels.values()].flatMap((grades) => [...grades.keys()]);
  if (!judged.some((document) => corpus.has(document))) {
    const file = beirFile(folder, 'corpus.jsonl');
    throw new UserError(
      `no judged document of qrels/${split}.tsv is in "${file}": check that the files belong together`,
    );
  }
  return { corpus: [...corpus.values()], queries, qrels, dropSelf: true };
}
