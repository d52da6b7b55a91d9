/**
 * The papers nearest to a query.
 */
import { resolve } from 'node:path';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import { dataSets } from '../datasets/pairs/sets.js';
import { metricLabel } from '../evaluation/metrics/registry.js';
import { HYBRID_DEPTH } from '../retrieval/systems/search-by.js';
import { evaluationTask, wholeCorpus } from './evaluation-task.js';
import { headlineOf } from './headline.js';
import { beginningOfText } from './pair-tasks.js';
import { lockRunFolder } from './run-lock.js';
import { readReport } from './runs/list-runs.js';
import type { StepResults } from './step-results.js';
import { withSystems } from './systems.js';
import { findTrainedRun } from './trained-run.js';

/** What can search for single queries. */
const SEARCHERS = ['tuned', 'untuned', 'bm25', 'hybrid'];

/** How a search is done. */
export interface SearchOptions extends Reporting {
  /** The run folder whose encoder searches; absent: encoder.adapter of the configuration, or the base model. */
  run?: string;
  /** tuned, untuned, bm25 or hybrid; absent: the best of them in the report of the run, else the encoder. */
  system?: string;
  /** What is searched: the evaluated side (default), or all papers, those that were trained on among them. */
  corpus?: 'evaluated' | 'all';
}

/** A paper that was found. */
export interface SearchResult {
  id: string;
  title: string;
  topic: string;
  abstract: string;
  /** Cosine similarity; of BM25 and hybrids their own score. */
  score: number;
  /** Which system found it. */
  system: string;
}

/** Searches abstracts, and says with what and among which. @throws UserError for a query without a word */
export async function searchPapers(
  results: StepResults,
  config: Config,
  query: string,
  k: number,
  options: SearchOptions,
): Promise<SearchResult[]> {
  const { run, corpus: asked = 'evaluated', system: _, ...reporting } = options;
  if (query.trim() === '') throw new UserError('the query is empty: expected a few words to search for');
  const found = run === undefined ? null : await findTrainedRun(results, run, config, reporting);
  const trained = found ? found.trained : config.encoder.adapter;
  const dataset = await results.dataset(config, reporting);
  const { corpus: evaluated, validation } = evaluationTask(config, dataset);
  const all = wholeCorpus(config, dataset);
  const corpus = asked === 'all' ? all : evaluated;
  const { name, why } = await chosenSystem(options, trained !== null);
  const scope = asked === 'all' ? 'all papers of the run' : `the ${config.evaluation.split} side`;
  const text = `searching ${quantity(corpus.length, 'abstracts')} of ${scope} with ${name}${why}`;
  reporting.onMessage?.({ level: 'info', text });
  // the index is kept in the run where nobody else writes into that
  const release = run === undefined ? null : await lockRunFolder(run).catch(() => null);
  const sources = {
    model: () => results.model(config, reporting),
    trained,
    ...(run === undefined || release === null ? {} : { folder: resolve(run) }),
  };
  const settings: Config = { ...config, evaluation: { ...config.evaluation, systems: [name] } };
  try {
    return await withSystems(settings, sources, reporting, async ({ systems }) => {
      const system = systems.find((one) => one.name === name || one.kind === name) ?? systems[0];
      if (!system) throw new UserError(`${run ?? config.encoder.model} has nothing to search with`);
      const depth = Math.min(corpus.length, name === 'hybrid' ? Math.max(k, HYBRID_DEPTH) : k);
      const task = {
        corpus,
        queries: [{ id: 'query', text: query, ...sharedPrompt(config, reporting) }],
        depth,
        auxiliary: asked === 'all',
        ...(name === 'hybrid' && validation ? { validation: { ...validation, depth: HYBRID_DEPTH } } : {}),
      };
      const find = (other: typeof system): ReturnType<typeof system.retrieve> => other.retrieve(task, reporting, find);
      const { run: ranking } = await find(system);
      const byId = new Map(corpus.map((document) => [document.id, document]));
      return (ranking.get('query') ?? []).slice(0, k).map(({ id, score }) => {
        const { text: abstract = '', title = beginningOfText(abstract), topic = '' } = byId.get(id) ?? {};
        return { id, title, topic, abstract, score, system: name };
      });
    });
  } finally {
    await release?.();
  }
}

/** The prompt that all data sets put before their queries; none, and said, where they differ. */
export function sharedPrompt({ datasets }: Config, { onMessage }: Reporting): { prompt?: string } {
  if (datasets.sets.length === 0) return {};
  const [first, ...others] = new Set(dataSets(datasets).map(({ queryPrompt }) => queryPrompt));
  if (others.length > 0) {
    const text = 'the data sets have different prompts for queries: this one gets that of encoder.queryPrompt';
    onMessage?.({ level: 'info', text });
  }
  return others.length > 0 || first === undefined || first === null ? {} : { prompt: first };
}

/** The system that is asked for, or the best that the report of the run knows; with the reason. */
async function chosenSystem(
  { run, system }: SearchOptions,
  isTrained: boolean,
): Promise<{ name: string; why: string }> {
  if (system !== undefined) {
    if (!SEARCHERS.includes(system)) throw new UserError(`system "${system}": expected ${SEARCHERS.join(', ')}`);
    if (system === 'tuned' && !isTrained) throw new UserError(`${run ?? 'the configuration'} has no tuned encoder yet`);
    return { name: system, why: '' };
  }
  return bestSystem(run, isTrained);
}

/** The best of the systems that search in the report of a run, else the encoder; with the reason. */
export async function bestSystem(run: string | undefined, isTrained: boolean): Promise<{ name: string; why: string }> {
  const report = run === undefined ? null : await readReport(run);
  const known = (report?.systems ?? []).filter(
    ({ name }) => SEARCHERS.includes(name) && (name !== 'tuned' || isTrained),
  );
  const metric = headlineOf(Object.keys(known[0]?.metrics ?? {}));
  const scoreOf = (one: (typeof known)[number]): number => one.metrics[metric ?? '']?.value ?? Number.NEGATIVE_INFINITY;
  // of equally good ones the encoder, which is what the run is about
  const [best] = [...known].sort(
    (a, b) => scoreOf(b) - scoreOf(a) || SEARCHERS.indexOf(a.name) - SEARCHERS.indexOf(b.name),
  );
  if (!best || metric === null) return { name: isTrained ? 'tuned' : 'untuned', why: '' };
  const value = scoreOf(best).toFixed(3).replace(/^0/, '');
  return { name: best.name, why: `, the best of the report (${metricLabel(metric)} ${value})` };
}
