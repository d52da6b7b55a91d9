/** What is mined: the queries that would be trained on, over the documents that a training may see. */
import type { Config } from '../config/config.js';
import { type Dataset, trainingPapers } from '../datasets/dataset.js';
import { documentOf, documentsOf, pairsAmong, queriesOf } from '../datasets/pairs/documents.js';
import type { SplitPaper } from '../datasets/paper.js';
import { textKey } from '../datasets/text-key.js';
import type { MiningOptions } from '../retrieval/hard-negatives/mine.js';
import { corpusDocument, isOfPairs, type PairDataset, queryOf } from './pair-tasks.js';

/** Corpus, queries, and what answers each. */
export type MiningTask = Pick<MiningOptions, 'corpus' | 'queries' | 'ownOf' | 'isSame'>;

export function miningTask(config: Config, dataset: Dataset): MiningTask {
  const trained = trainingPapers(dataset.papers, config, false);
  if (isOfPairs(dataset)) return taskOfPairs(config, dataset, trained, trainingPapers(dataset.papers, config, true));
  const titles = new Map(trained.map(({ id, title }) => [id, textKey(title)]));
  const abstracts = new Map(trained.map(({ id, abstract }) => [id, textKey(abstract)]));
  return {
    corpus: trained.map(({ id, abstract, title, topic }) => ({ id, text: abstract, title, topic })),
    queries: trained.map(({ id, title, topic }) => ({ id, text: title, topic })),
    isSame: (a, b) => titles.get(a) === titles.get(b) || abstracts.get(a) === abstracts.get(b),
  };
}

function taskOfPairs(
  config: Config,
  { collection }: PairDataset,
  trained: readonly SplitPaper[],
  judged: readonly SplitPaper[],
): MiningTask {
  const pairs = pairsAmong(trained);
  const others = collection.documents.filter(({ split }) => split === 'train' || split === null);
  const documents = [...documentsOf(pairsAmong(judged)).map(documentOf), ...others];
  const keys = new Map(documents.map(({ id, text }) => [id, textKey(text)]));
  const own = new Map<string, string[]>();
  // what answers a query, by its text: the same query may have two ids
  const answers = new Map<string, Set<string>>();
  const queryKeys = new Map<string, string>();
  for (const { title, pair } of pairs) {
    const key = textKey(title);
    queryKeys.set(pair.query, key);
    own.set(pair.query, [...(own.get(pair.query) ?? []), pair.document]);
    answers.set(key, (answers.get(key) ?? new Set([key])).add(keys.get(pair.document) as string));
  }
  return {
    corpus: documents.map((document) => corpusDocument(config, document)),
    queries: queriesOf(pairs).map(({ title, topic, pair }) => queryOf(config, pair.query, title, topic)),
    ownOf: (query) => own.get(query) ?? [],
    isSame: (query, document) =>
      answers.get(queryKeys.get(query) as string)?.has(keys.get(document) as string) ?? false,
  };
}
