/** What a training reads: token ids of the pairs in the order that batches index, and what joins each batch as negatives. */

import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { agreeing, quantity } from '../core/quantity.js';
import { type PairPaper, pairsAmong } from '../datasets/pairs/documents.js';
import type { SplitPaper } from '../datasets/paper.js';
import type { Teacher } from '../losses/teacher.js';
import type { PaperTokens } from '../tokens/paper-tokens.js';
import type { TokenizedPaper } from '../tokens/token-statistics.js';
import { type HardNegativesFile, hardNegativeSampler, readHardNegatives } from './hard-negatives.js';
import { type JoinedDocuments, type KnownDocument, pairNegatives } from './pair-negatives.js';
import { teacherBatches } from './teacher-batches.js';
import type { TrainingOptions, TrainingPair } from './training-options.js';

export interface TrainingTexts extends Pick<TrainingOptions, 'pairs' | 'negativesOf' | 'teacherOf'> {
  /** Hash of the file of hard negatives; absent without one. */
  negativesHash?: string;
}

export interface TrainingSources {
  /** All papers, of which documents of pairs that are not relevant may stand against others. */
  papers: readonly SplitPaper[];
  /** Papers trained on. */
  trained: readonly SplitPaper[];
  /** By paper id, limits applied. */
  tokens: PaperTokens;
  /** Documents of no pair, by document id. */
  documents?: ReadonlyMap<string, KnownDocument>;
  /** Knows the texts of all of them. */
  teacher?: Teacher;
}

type Settings = Pick<Config, 'training' | 'datasets' | 'seed'>;

/** @throws UserError for a file of hard negatives of other data, or where `training.negatives=hard` finds none */
export async function trainingTexts(
  sources: TrainingSources,
  config: Settings,
  { onMessage }: Pick<Reporting, 'onMessage'>,
): Promise<TrainingTexts> {
  const { trained, tokens, teacher } = sources;
  const { file } = config.training.hardNegatives;
  const mined = file === null ? null : await readHardNegatives(file);
  if (mined) tellMined(mined, trained, file as string, onMessage);
  const pairs = trained.map((paper) => new PaperPair(paper, tokens));
  const { some, of: joinedBy } = joinedDocuments(sources, mined, config);
  if (config.training.negatives === 'hard') checkSome(some, trained.length, onMessage);
  return {
    pairs,
    ...(mined && { negativesHash: mined.contentHash }),
    ...(joinedBy && {
      negativesOf(batch, epoch) {
        const { documents, ...known } = joinedBy(batch, epoch);
        return { documents: documents.map(({ ids }) => ids), ...known };
      },
    }),
    ...(teacher && {
      teacherOf: teacherBatches(
        teacher,
        trained.map(({ title, abstract }) => ({ query: title, document: abstract })),
        (batch, epoch) => joinedBy?.(batch, epoch).documents.map(({ text }) => text) ?? [],
      ),
    }),
  };
}

/** A paper as a pair. Its tokens are fetched when a batch takes it: those of millions are not in memory. */
class PaperPair implements TrainingPair {
  declare readonly score?: number;

  constructor(
    private readonly paper: SplitPaper,
    private readonly tokens: PaperTokens,
  ) {
    const score = paper.pair?.score ?? null;
    if (score !== null) this.score = score;
  }

  get query(): Int32Array {
    return this.of().title;
  }

  get document(): Int32Array {
    return this.of().abstract;
  }

  private of(): TokenizedPaper {
    return this.tokens.get(this.paper.id) as TokenizedPaper;
  }
}

/**
 * How the file and the data fit together: queries of which only one has heard, and negatives that answer their query.
 *
 * @throws UserError where they share no query
 */
function tellMined(
  { byQuery }: HardNegativesFile,
  trained: readonly SplitPaper[],
  file: string,
  onMessage: Reporting['onMessage'],
): void {
  const answers = new Map<string, Set<string>>();
  for (const { id, pair } of trained) {
    const query = pair?.query ?? id;
    answers.set(query, (answers.get(query) ?? new Set()).add(pair?.document ?? id));
  }
  const joined = [...byQuery.values()].filter(({ query }) => answers.has(query));
  if (joined.length === 0) {
    const [there, wanted] = [byQuery.keys().next().value, answers.keys().next().value];
    throw new UserError(
      `no query of "${file}" is trained on: it has "${there}", the data "${wanted}"; mine the negatives again, with the data of this training`,
    );
  }
  const unknown = byQuery.size - joined.length;
  const own = joined.flatMap(({ query, negatives }) =>
    negatives.filter(({ id }) => answers.get(query)?.has(id)),
  ).length;
  const told = [
    unknown > 0 &&
      `${unknown} of ${quantity(byQuery.size, 'queries')} of "${file}" ${agreeing(unknown, 'is', 'are')} not trained on, and ${agreeing(unknown, 'its', 'their')} hard negatives not used`,
    own > 0 &&
      `${quantity(own, 'hard negatives')} of "${file}" ${agreeing(own, 'answers its query, and is', 'answer their queries, and are')} left out`,
  ];
  for (const text of told) if (text) onMessage?.({ level: 'warning', text });
}

/** What joins a batch, and how many pairs have hard negatives. */
interface Joined {
  some: number;
  /** Absent where nothing joins any. */
  of?: (pairs: readonly number[], epoch: number) => JoinedDocuments;
}

function joinedDocuments(sources: TrainingSources, mined: HardNegativesFile | null, config: Settings): Joined {
  const { trained, tokens } = sources;
  const pairs = pairsAmong(trained);
  if (pairs.length > 0) return negativesOfPairs(pairs, sources, mined, config);
  if (!mined) return { some: 0 };
  const { hardNegatives, negatives } = config.training;
  const options = { perPair: hardNegatives.perPair, seed: config.seed, alone: negatives === 'hard' };
  const sample = hardNegativeSampler(trained, mined, options);
  return {
    some: trained.filter(({ id }) => mined.byQuery.get(id)?.negatives.length).length,
    of(batch, epoch) {
      const { places, lists } = sample(batch, epoch);
      return { documents: places.map((place) => documentOf(trained[place] as SplitPaper, tokens)), negatives: lists };
    },
  };
}

function documentOf({ id, abstract }: SplitPaper, tokens: TrainingSources['tokens']): KnownDocument {
  return { ids: (tokens.get(id) as TokenizedPaper).abstract, text: abstract };
}

function negativesOfPairs(
  trained: readonly PairPaper[],
  { papers, tokens, documents }: TrainingSources,
  mined: HardNegativesFile | null,
  { training, datasets, seed }: Settings,
): Joined {
  const side = pairsAmong(papers).filter(({ split }) => split === 'train');
  const own = new Map(side.map((paper) => [paper.pair.document, paper]));
  return pairNegatives(trained, {
    listsOf: ({ pair }) => ({
      named: pair.negatives,
      mined: (mined?.byQuery.get(pair.query)?.negatives ?? []).map(({ id }) => id),
    }),
    documentOf(id) {
      const paper = own.get(id);
      const document = paper ? documentOf(paper, tokens) : documents?.get(id);
      if (document) return document;
      throw new UserError(
        `the hard negative "${id}" is no document that this training may see: mine the negatives again, with the settings of this training`,
      );
    },
    maxNamed: datasets.maxNegatives,
    perPair: training.hardNegatives.perPair,
    seed,
    alone: training.negatives === 'hard',
  });
}

/** Where hard negatives are all that there is, a pair without any teaches nothing. */
function checkSome(some: number, all: number, onMessage: Reporting['onMessage']): void {
  if (some === 0) {
    throw new UserError(
      'training.negatives = "hard": no pair that is trained on has a hard negative; mine them (llm-embedding mine), or set training.negatives=all',
    );
  }
  if (some === all) return;
  const text = `${all - some} of ${quantity(all, 'pairs')} ${agreeing(all - some, 'has', 'have')} no hard negative and ${agreeing(all - some, 'teaches', 'teach')} nothing, since training.negatives = "hard"`;
  onMessage?.({ level: 'warning', text });
}
