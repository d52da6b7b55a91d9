/** Questions about the papers of the evaluated side, over the same abstracts as their titles. */
import type { Config } from '../config/config.js';
import { isSampleCorpus } from '../config/datasets.js';
import { UserError } from '../core/errors.js';
import type { SplitPaper } from '../datasets/paper.js';
import { readQuestions, SAMPLE_QUESTIONS } from '../evaluation/formats/questions.js';
import { validationTask } from './evaluation-task.js';
import type { NamedTask } from './judged-sets.js';
import type { EvaluationTask } from './task.js';

const SAMPLE_NOTE =
  "The questions are synthetic: a program made them of other names for a paper's concepts, without a word of its title.";

/** @returns null where the configuration has no questions, or none about a paper of the side that is asked */
export async function questionSet(
  config: Config,
  papers: SplitPaper[],
  titles: EvaluationTask,
): Promise<NamedTask | null> {
  const { questions } = config.evaluation;
  const isSample = questions === 'auto' && isSampleCorpus(config.datasets);
  const file = questions === 'auto' ? (isSample ? SAMPLE_QUESTIONS : null) : questions;
  if (file === null) return null;
  const byPaper = await readQuestions(file);
  const asked = new Set(titles.queries.map(({ id }) => id));
  const about = (wanted: ReadonlySet<string>): Pick<EvaluationTask, 'queries' | 'qrels'> =>
    askedOf(byPaper, papers, wanted);
  const task = about(asked);
  if (task.queries.length === 0) {
    if (isSample) return null;
    throw new UserError(
      `"${file}" has no question about a paper that is asked about: expected ids such as "${titles.queries[0]?.id}" in "paper"`,
    );
  }
  const watched = validationTask(config, { papers });
  const chosenBy = watched && about(new Set(watched.queries.map(({ id }) => id)));
  return {
    name: 'questions',
    settings: config,
    task: {
      corpus: titles.corpus,
      ...task,
      ...(watched && chosenBy && chosenBy.queries.length > 0 && { validation: { ...watched, ...chosenBy } }),
    },
    ...(isSample && { note: SAMPLE_NOTE }),
  };
}

function askedOf(
  byPaper: ReadonlyMap<string, string[]>,
  papers: readonly SplitPaper[],
  wanted: ReadonlySet<string>,
): Pick<EvaluationTask, 'queries' | 'qrels'> {
  const found = papers
    .filter(({ id }) => wanted.has(id))
    .flatMap((paper) => (byPaper.get(paper.id) ?? []).map((text, i) => ({ paper, id: `${paper.id}?${i + 1}`, text })));
  return {
    queries: found.map(({ id, text, paper }) => ({ id, text, topic: paper.topic })),
    qrels: new Map(found.map(({ id, paper }) => [id, new Map([[paper.id, 1]])])),
  };
}
