/**
 * How close titles and abstracts of some papers are to each other.
 */
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import { innerProducts } from '../core/rows.js';
import type { SplitPaper } from '../datasets/paper.js';
import { cachedModel } from '../retrieval/systems/cached-model.js';
import { embedAll } from '../retrieval/systems/embedding-system.js';
import { encoderModel } from '../retrieval/systems/encoder-model.js';
import { abstractOf, queryOf } from './pair-tasks.js';
import type { StepResults } from './step-results.js';
import { adaptedEncoder, encoderBeforeTraining } from './steps/encoder.js';
import { findTrainedRun } from './trained-run.js';

/** Cosines [titles, abstracts], by the encoder of a run, or by the one before training where none is named. */
export async function similarities(
  results: StepResults,
  config: Config,
  papers: readonly SplitPaper[],
  { run, ...reporting }: Reporting & { run?: string },
): Promise<number[][]> {
  const trained = run === undefined ? null : (await findTrainedRun(results, run, config, reporting)).trained;
  const model = await results.model(config, reporting);
  const encoder = await (trained ? adaptedEncoder(config, model, trained) : encoderBeforeTraining(config, model, null));
  try {
    const embeddings = encoderModel(trained ? 'tuned' : 'untuned', encoder, config);
    const cached = cachedModel(embeddings, { folder: join(config.cache, 'embeddings') });
    const titles = papers.map((paper) => queryOf(config, paper.id, paper.title, paper.topic));
    const abstracts = papers.map((paper) => abstractOf(config, paper));
    const queries = await embedAll(cached, titles, 'query', reporting);
    const documents = await embedAll(cached, abstracts, 'document', reporting);
    return innerProducts(queries.vectors, documents.vectors, encoder.dimensions);
  } finally {
    await encoder.dispose();
  }
}
