/**
 * TensorBoard's embedding projector: vectors and what each is, which its tab shows in two or three dimensions. The plugin
 * reads projector_config.pbtxt in the folder of the event files, and the tables named there.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, WorkError } from '../core/errors.js';
import { quantity } from '../core/quantity.js';
import { writeFileAtomic } from '../files/atomic-file.js';

export interface Projection {
  /** Such as "test papers"; also the name of the files. */
  name: string;
  /** [n, dimensions] */
  embeddings: Float32Array;
  dimensions: number;
  /** One per embedding, all with the same columns, such as title and topic. */
  labels: readonly Readonly<Record<string, string>>[];
}

/**
 * Replaces what the projector shows.
 *
 * @param folder of the event files, `tensorboard/` in a run folder
 * @throws UserError where labels and embeddings do not match, WorkError where the files cannot be written
 */
export async function writeProjector(folder: string, projections: readonly Projection[]): Promise<void> {
  const entries: string[] = [];
  for (const { name, embeddings, dimensions, labels } of projections) {
    if (embeddings.length !== labels.length * dimensions) {
      throw new UserError(
        `the projection "${name}" has ${quantity(embeddings.length / dimensions, 'embeddings')} of ${quantity(dimensions, 'dimensions')} and ${quantity(labels.length, 'labels')}: expected one label per embedding`,
      );
    }
    const base = name.replace(/[^\w-]+/g, '-');
    const rows = labels.map((_, i) => embeddings.subarray(i * dimensions, (i + 1) * dimensions).join('\t'));
    await writeLines(folder, `${base}-vectors.tsv`, rows);
    await writeLines(folder, `${base}-labels.tsv`, labelLines(labels));
    entries.push(
      `embeddings {\n  tensor_name: ${JSON.stringify(name)}\n  tensor_path: "${base}-vectors.tsv"\n  metadata_path: "${base}-labels.tsv"\n}`,
    );
  }
  await writeLines(folder, 'projector_config.pbtxt', entries);
}

/** A line per label; with several columns their names come first, as the plugin expects. */
function labelLines(labels: Projection['labels']): string[] {
  const columns = Object.keys(labels[0] ?? {});
  const lines = labels.map((label) => columns.map((column) => (label[column] ?? '').replace(/\s+/g, ' ')).join('\t'));
  return columns.length > 1 ? [columns.join('\t'), ...lines] : lines;
}

async function writeLines(folder: string, file: string, lines: readonly string[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(join(folder, file), lines.map((line) => `${line}\n`).join(''));
  } catch (error) {
    throw new WorkError(`could not write ${join(folder, file)}: ${(error as Error).message}`, { cause: error });
  }
}
