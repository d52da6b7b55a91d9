/**
 * The test papers of a run in TensorBoard's embedding projector, as the trained encoder sees them.
 */
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import type { SplitPaper } from '../datasets/paper.js';
import { cachedModel } from '../retrieval/systems/cached-model.js';
import { embedAll } from '../retrieval/systems/embedding-system.js';
import { encoderModel } from '../retrieval/systems/encoder-model.js';
import { writeProjector } from '../training/tensorboard-projector.js';
import type { StepResults } from './step-results.js';
import { adaptedEncoder } from './steps/encoder.js';

/** More points are slow to draw in a browser. */
const MOST_PAPERS = 5000;

/**
 * Writes the projector's files beside the event files. The embeddings come from the cache, which an evaluation has just
 * filled; a file that cannot be written is worth a warning and no more.
 *
 * @param trained folder of the adapter or model
 */
export async function projectTestPapers(
  results: StepResults,
  config: Config,
  { run, trained, papers }: { run: string; trained: string; papers: readonly SplitPaper[] },
  reporting: Reporting,
): Promise<void> {
  const shown = papers.slice(0, MOST_PAPERS);
  const encoder = await adaptedEncoder(config, await results.model(config, reporting), trained);
  try {
    const cached = cachedModel(encoderModel('tuned', encoder, config), { folder: join(config.cache, 'embeddings') });
    const abstracts = shown.map(({ abstract }) => abstract);
    const { vectors, dimensions } = await embedAll(cached, abstracts, 'document', reporting);
    const labels = shown.map(({ title, topic, role }) => ({ title, topic, role }));
    await writeProjector(join(run, 'tensorboard'), [{ name: 'test papers', embeddings: vectors, dimensions, labels }]);
  } catch (error) {
    const text = `TensorBoard's projector is not written: ${(error as Error).message}`;
    reporting.onMessage?.({ level: 'warning', text });
  } finally {
    await encoder.dispose();
  }
}
