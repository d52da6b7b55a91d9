/**
 * The test papers of a run in TensorBoard's embedding projector, as the trained encoder sees them.
 */
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { Interrupted } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import type { SplitPaper } from '../datasets/paper.js';
import { cachedModel } from '../retrieval/systems/cached-model.js';
import type { EmbeddingModel } from '../retrieval/systems/embedding-model.js';
import { embedAll } from '../retrieval/systems/embedding-system.js';
import { writeProjector } from '../training/tensorboard-projector.js';
import { abstractOf } from './pair-tasks.js';

/** More points are slow to draw in a browser. */
const MOST_PAPERS = 5000;

/**
 * Writes the projector's files beside the event files. The embeddings come from the cache, which an evaluation has just
 * filled; a file that cannot be written is worth a warning and no more.
 *
 * @param model that is open
 */
export async function projectPapers(
  model: EmbeddingModel,
  papers: readonly SplitPaper[],
  { run, config }: { run: string; config: Config },
  reporting: Reporting,
): Promise<void> {
  const shown = papers.slice(0, MOST_PAPERS);
  try {
    const cached = cachedModel(model, { folder: join(config.cache, 'embeddings') });
    const abstracts = shown.map((paper) => abstractOf(config, paper));
    const { vectors, dimensions } = await embedAll(cached, abstracts, 'document', reporting);
    const labels = shown.map(({ title, topic, role }) => ({ title, topic, role }));
    await writeProjector(join(run, 'tensorboard'), [{ name: 'test papers', embeddings: vectors, dimensions, labels }]);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    const text = `TensorBoard's projector is not written: ${(error as Error).message}`;
    reporting.onMessage?.({ level: 'warning', text });
  }
}
