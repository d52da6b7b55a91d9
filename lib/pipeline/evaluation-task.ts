/**
 * What an evaluation asks: a corpus, queries and their judgements, made of papers.
 */

import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { Random } from '../core/random.js';
import type { Dataset } from '../datasets/dataset.js';
import type { SplitPaper } from '../datasets/paper.js';
import { validationSet } from '../training/validation.js';
import { everyPairTask, isOfPairs, pairTask, pairValidationTask } from './pair-tasks.js';
import type { EvaluationTask } from './task.js';

/** Papers, with what they need where they are pairs. */
type Papers = Pick<Dataset, 'papers' | 'collection'>;

/** The abstracts of the test split (or evaluation.split), and titles of it (evaluation.queries); of pairs documents and queries. */
export function evaluationTask(config: Config, dataset: Papers): EvaluationTask {
  if (isOfPairs(dataset)) return pairTask(config, dataset);
  const { papers } = dataset;
  const { split, queries } = config.evaluation;
  const searched = papers.filter((paper) => paper.split === split);
  const asked = queries === 'all' ? searched : searched.filter((paper) => paper.role === 'main');
  if (asked.length === 0) {
    throw new UserError(
      `no paper of the ${split} split is of the main topic, so there is nothing to ask: read more papers, raise datasets.${split}Share, or set evaluation.queries=all`,
    );
  }
  const validation = validationTask(config, dataset);
  return { ...titlesOverAbstracts(asked, searched), ...(validation && { validation }) };
}

/** Titles over abstracts of the validation side, or queries over documents; undefined where there are none, or they are what is reported on. */
export function validationTask(config: Config, dataset: Papers): EvaluationTask['validation'] {
  if (isOfPairs(dataset)) return pairValidationTask(config, dataset);
  // queries of validation come first among its papers; what is reported on must not choose anything
  const watched = validationSet(dataset.papers, config);
  if (config.evaluation.split === 'validation' || watched.queries === 0) return undefined;
  return titlesOverAbstracts(watched.papers.slice(0, watched.queries), watched.papers);
}

/**
 * Every title over all abstracts, but for those kept out of the report to choose the fusion of hybrids by; every query over all documents.
 *
 * @param seen ids of papers, or of queries of pairs, that an encoder in the evaluation has learned from: searched, and not asked
 * @throws UserError where nothing is left to ask
 */
export function everyTitle(config: Config, dataset: Papers, seen: ReadonlySet<string> = new Set()): EvaluationTask {
  if (isOfPairs(dataset)) return unseenQueries(everyPairTask(config, dataset), seen);
  const { papers } = dataset;
  const { seed, evaluation } = config;
  const { fusionTitles } = evaluation;
  const unseen = papers.filter(({ id }) => !seen.has(id));
  if (unseen.length === 0) throw nothingUnseen('papers');
  if (fusionTitles === 0) return titlesOverAbstracts(unseen, papers);
  if (fusionTitles >= unseen.length) {
    throw new UserError(
      `evaluation.fusionTitles = ${fusionTitles}: expected fewer than the ${quantity(unseen.length, 'titles')} that can be asked`,
    );
  }
  const keptOut = new Random(seed, 'titles kept out').shuffle(unseen).slice(0, fusionTitles);
  const ids = new Set(keptOut.map(({ id }) => id));
  return {
    ...titlesOverAbstracts(
      unseen.filter(({ id }) => !ids.has(id)),
      papers,
    ),
    validation: { ...titlesOverAbstracts(keptOut, papers), keptOut: true },
  };
}

function unseenQueries(task: EvaluationTask, seen: ReadonlySet<string>): EvaluationTask {
  const queries = task.queries.filter(({ id }) => !seen.has(id));
  if (queries.length === 0) throw nothingUnseen('queries');
  return { ...task, queries, qrels: new Map([...task.qrels].filter(([id]) => !seen.has(id))) };
}

function nothingUnseen(what: 'papers' | 'queries'): UserError {
  return new UserError(
    `the run has learned from all of these ${what}, or was chosen by them, so there is nothing to ask: give others, or leave out --data, for its test side`,
  );
}

/** All abstracts, or all documents of pairs. */
export function wholeCorpus(config: Config, dataset: Papers): EvaluationTask['corpus'] {
  return isOfPairs(dataset) ? everyPairTask(config, dataset).corpus : titlesOverAbstracts([], dataset.papers).corpus;
}

/** Titles as queries, each judged to want its own abstract. */
export function titlesOverAbstracts(asked: SplitPaper[], searched: SplitPaper[]): EvaluationTask {
  return {
    corpus: searched.map(({ id, abstract, title, topic }) => ({ id, text: abstract, title, topic })),
    queries: asked.map(({ id, title, topic }) => ({ id, text: title, topic })),
    qrels: new Map(asked.map(({ id }) => [id, new Map([[id, 1]])])),
  };
}
