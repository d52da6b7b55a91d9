/** What an evaluation asks where the data are pairs: each query once, over each document once, with the grades of the data. */
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Dataset } from '../datasets/dataset.js';
import { documentOf, documentsOf, type PairPaper, pairsAmong, queriesOf } from '../datasets/pairs/documents.js';
import type { Collection, PairDocument } from '../datasets/pairs/pair.js';
import { promptOfSet } from '../datasets/pairs/sets.js';
import type { Split, SplitPaper } from '../datasets/paper.js';
import type { Qrels } from '../retrieval/ranking.js';
import type { CorpusDocument, Query } from '../retrieval/systems/retrieval-system.js';
import { pairValidation } from '../training/pair-validation.js';
import type { EvaluationTask } from './task.js';

/** A dataset of pairs. */
export type PairDataset = Pick<Dataset, 'papers'> & { collection: Collection };

export function isOfPairs(dataset: Pick<Dataset, 'papers' | 'collection'>): dataset is PairDataset {
  return dataset.collection !== undefined;
}

/** Queries of evaluation.split over the documents of that side, or over all where the data have one corpus for all sides. */
export function pairTask(config: Config, dataset: PairDataset): EvaluationTask {
  const { split } = config.evaluation;
  const asked = pairsAmong(dataset.papers).filter((paper) => paper.split === split);
  const task = taskOf(config, dataset, asked, corpusOf(dataset, split), split);
  if (task.queries.length === 0) {
    throw new UserError(
      `no pair is on the ${split} side, so there is nothing to ask: raise datasets.${split}Share, give rows a split, or add ${split}.jsonl or qrels/${split}.tsv`,
    );
  }
  const validation = pairValidationTask(config, dataset);
  return { ...task, ...(validation && { validation }) };
}

/** Queries of the validation side; undefined where there are none, or they are what is reported on. */
export function pairValidationTask(config: Config, dataset: PairDataset): EvaluationTask['validation'] {
  const watched = pairValidation(dataset.papers, config);
  // what is reported on must not choose anything
  if (config.evaluation.split === 'validation' || watched.queries.length === 0) return undefined;
  const queries = new Set(watched.queries.map(({ pair }) => pair.query));
  const own = pairsAmong(dataset.papers).filter(
    (paper) => paper.split === 'validation' && queries.has(paper.pair.query),
  );
  const searched = dataset.collection.searchesAll ? corpusOf(dataset, 'validation') : watched.documents.map(documentOf);
  const { corpus, queries: asks, qrels } = taskOf(config, dataset, own, searched, null);
  return { corpus, queries: asks, qrels };
}

/** Every query over every document. */
export function everyPairTask(config: Config, dataset: PairDataset): EvaluationTask {
  return taskOf(config, dataset, pairsAmong(dataset.papers), corpusOf(dataset, null), null);
}

/** The documents that are searched for queries of a side; null: all. */
export function corpusOf({ papers, collection }: PairDataset, side: Split | null): PairDocument[] {
  const all = side === null || collection.searchesAll;
  const ofPairs = documentsOf(pairsAmong(papers).filter(({ split }) => all || split === side)).map(documentOf);
  const others = collection.documents.filter(({ split }) => all || split === null || split === side);
  return [...ofPairs, ...others];
}

/** @param side whose judgements of documents that the corpus lacks count too; null: none */
function taskOf(
  config: Config,
  { collection }: PairDataset,
  asked: readonly PairPaper[],
  searched: readonly PairDocument[],
  side: Split | null,
): EvaluationTask {
  const qrels: Qrels = new Map();
  const judge = (query: string, document: string, grade: number): void => {
    qrels.set(query, (qrels.get(query) ?? new Map()).set(document, grade));
  };
  for (const { pair } of asked) judge(pair.query, pair.document, gradeOf(pair));
  const queries = queriesOf(asked).map((paper) => queryOf(config, paper.pair.query, paper.title, paper.topic));
  const known = new Set(queries.map(({ id }) => id));
  for (const { split, query, text, document, grade } of collection.unfound) {
    if (split !== side) continue;
    judge(query, document, grade);
    if (known.has(query)) continue;
    known.add(query);
    queries.push({ id: query, text });
  }
  return {
    corpus: searched.map((document) => corpusDocument(config, document)),
    queries,
    qrels,
    ...(collection.dropSelf ? { dropSelf: true } : {}),
  };
}

/** Whole numbers are grades; another score only says whether the pair is relevant. */
function gradeOf({ score, relevant }: PairPaper['pair']): number {
  const isGrade = score !== null && Number.isInteger(score) && relevant === score >= 1;
  return isGrade ? score : relevant ? 1 : 0;
}

/** A document as systems search it, with the prompt of its data set. */
export function corpusDocument({ datasets }: Config, { id, text, title, topic }: PairDocument): CorpusDocument {
  const prompt = promptOfSet(datasets, 'document')(topic);
  return { id, text, topic, ...(title === undefined ? {} : { title }), ...(prompt === undefined ? {} : { prompt }) };
}

/** A query as systems are asked it, with the prompt of its data set. */
export function queryOf({ datasets }: Config, id: string, text: string, topic: string): Query {
  const prompt = promptOfSet(datasets, 'query')(topic);
  return { id, text, topic, ...(prompt === undefined ? {} : { prompt }) };
}

/** What stands for the title of a document that has none. */
export function beginningOfText(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/** The abstract of a paper as systems search it, with the prompt of its data set. */
export function abstractOf(config: Config, { id, abstract, topic, split }: SplitPaper): CorpusDocument {
  return corpusDocument(config, { id, text: abstract, topic, split });
}
