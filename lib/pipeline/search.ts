/**
 * The papers nearest to a query.
 */
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { evaluationTask } from './evaluation-task.js';
import type { StepResults } from './step-results.js';
import { withSystems } from './systems.js';
import { findTrainedRun } from './trained-run.js';

/** Whose encoder searches. */
export interface SearchOptions extends Reporting {
  /** The run folder whose encoder searches; absent: encoder.adapter of the configuration, or the base model. */
  run?: string;
}

/** A paper that was found. */
export interface SearchResult {
  id: string;
  title: string;
  topic: string;
  /** Cosine similarity. */
  score: number;
}

/** Searches the abstracts of the test split. @throws UserError for a query without a word */
export async function searchPapers(
  results: StepResults,
  config: Config,
  query: string,
  k: number,
  { run, ...reporting }: SearchOptions,
): Promise<SearchResult[]> {
  if (query.trim() === '') throw new UserError('the query is empty: expected a few words to search for');
  const found = run === undefined ? null : await findTrainedRun(run, config, reporting.onMessage);
  const trained = found ? found.trained : config.encoder.adapter;
  const { papers } = await results.dataset(config, reporting);
  const { corpus } = evaluationTask(config, papers);
  const systems = [trained === null ? 'untuned' : 'tuned'];
  const asked: Config = { ...config, evaluation: { ...config.evaluation, systems } };
  const sources = {
    model: () => results.model(config, reporting),
    trained,
    ...(run === undefined ? {} : { folder: run }),
  };
  return withSystems(asked, sources, reporting, async ({ systems: [system] }) => {
    if (!system) throw new UserError(`${run ?? config.encoder.model} has nothing to search with`);
    const task = { corpus, queries: [{ id: 'query', text: query }], depth: Math.min(k, corpus.length) };
    const { run: ranking } = await system.retrieve(task, reporting, () =>
      Promise.reject(new Error('no hybrid takes part')),
    );
    const byId = new Map(papers.map((paper) => [paper.id, paper]));
    return (ranking.get('query') ?? []).map(({ id, score }) => {
      const { title = '', topic = '' } = byId.get(id) ?? {};
      return { id, title, topic, score };
    });
  });
}
