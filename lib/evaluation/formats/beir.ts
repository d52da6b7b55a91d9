/**
 * BEIR folders (Thakur et al., 2021, arXiv:2104.08663) as evaluation tasks: `corpus.jsonl` ({_id, title, text}),
 * `queries.jsonl` ({_id, text}) and `qrels/<split>.tsv`, each plain or .gz.
 *
 * What does not fit together is counted by the evaluation (see ../joins.ts): judged documents that the corpus lacks count as
 * not found, as in BEIR, and judged queries without text are left out. Where nothing fits, reading is an error.
 */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from '../../core/errors.js';
import type { Qrels } from '../../retrieval/ranking.js';
import type { CorpusDocument, Query } from '../../retrieval/systems/retrieval-system.js';
import { jsonRecords } from './json-records.js';
import { readQrels } from './qrels.js';

export interface BeirTask {
  corpus: CorpusDocument[];
  /** Those with judgements in the split. */
  queries: Query[];
  qrels: Qrels;
  /** BEIR leaves a document out of the results of the query that has its id. */
  dropSelf: true;
}

// Judgements are separated by white space or tabs, so that white space around an id tells nothing apart.
const id = z.union([z.string().trim().min(1), z.int()]).transform(String);
const documentSchema = z.object({ _id: id, title: z.string().nullish(), text: z.string() });
const querySchema = z.object({ _id: id, text: z.string() });

/**
 * Reads a BEIR folder. A document is searched by title and text together, as BEIR does.
 *
 * @param split name of the judgements: "test" unless told otherwise
 * @throws UserError for a missing file, a line that is no such record, an id twice, or judgements of no known query or
 * no known document
 */
export async function readBeir(folder: string, split = 'test'): Promise<BeirTask> {
  const corpus = new Map<string, CorpusDocument>();
  const corpusFile = findFile(folder, 'corpus.jsonl');
  for await (const { _id, title, text } of jsonRecords(corpusFile, documentSchema)) {
    if (corpus.has(_id)) throw new UserError(`"${corpusFile}" has document "${_id}" twice: ids must be unique`);
    corpus.set(_id, { id: _id, text: title ? `${title} ${text}`.trimEnd() : text, ...(title ? { title } : {}) });
  }
  const qrels = await readQrels(findFile(folder, path.join('qrels', `${split}.tsv`)));
  const queries: Query[] = [];
  const queryIds = new Set<string>();
  const queryFile = findFile(folder, 'queries.jsonl');
  for await (const { _id, text } of jsonRecords(queryFile, querySchema)) {
    if (queryIds.has(_id)) throw new UserError(`"${queryFile}" has query "${_id}" twice: ids must be unique`);
    queryIds.add(_id);
    if (qrels.has(_id)) queries.push({ id: _id, text });
  }
  if (queries.length === 0) {
    throw new UserError(
      `no query of "${folder}" has judgements in qrels/${split}.tsv: check that the files belong together`,
    );
  }
  const judged = [...qrels.values()].flatMap((grades) => [...grades.keys()]);
  if (!judged.some((document) => corpus.has(document))) {
    throw new UserError(
      `no judged document of qrels/${split}.tsv is in "${corpusFile}": check that the files belong together`,
    );
  }
  return { corpus: [...corpus.values()], queries, qrels, dropSelf: true };
}

function findFile(folder: string, name: string): string {
  const file = path.join(folder, name);
  for (const candidate of [file, `${file}.gz`]) if (fs.existsSync(candidate)) return candidate;
  throw new UserError(`"${folder}" is no BEIR folder: neither ${name} nor ${name}.gz is in it`);
}
