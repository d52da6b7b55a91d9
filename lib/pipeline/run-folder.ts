/**
 * The folder of a run: where each step leaves its result. Files appear under their final names only when complete.
 *
 *   run.json         what the run is made of, how it ended   config.json      complete, with defaults filled in
 *   adapter/         as PEFT writes it, with provenance.json
 *   papers.jsonl     id, split, topic, role of every paper;   model/           the trained model (training.method=full)
 *                    of pairs query and document for the role
 *   training-state/  to resume from
 *   tensorboard/     event files                              embeddings/ index/  of the evaluated systems
 *   runs/*.trec      what each system found                   report.json report.html
 */

import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config, resolveConfig } from '../config/config.js';
import { UserError, WorkError } from '../core/errors.js';
import { remedies } from '../core/remedies.js';
import type { SplitPaper } from '../datasets/paper.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { readJsonValueSync } from '../files/json-file.js';
import { type RunRecord, writeRunRecord } from './run-record.js';

/** What the training of a run leaves: an adapter, or a model of its own where all weights are trained. */
export function runTrainedFolder(runFolder: string, { training }: Pick<Config, 'training'>): string {
  return join(runFolder, training.method === 'full' ? 'model' : 'adapter');
}

/** Makes the folder and writes what a training starts from: run.json first, then papers.jsonl and config.json. */
export async function startRunFolder(
  folder: string,
  config: Config,
  papers: SplitPaper[],
  record: Omit<RunRecord, 'schemaVersion'>,
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await writeRunRecord(folder, record);
    await writeFileAtomic(join(folder, 'papers.jsonl'), linesOf(papers));
    await writeFileAtomic(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  } catch (error) {
    throw new WorkError(
      `cannot write to the run folder ${folder}: ${(error as Error).message}; choose another with --out`,
    );
  }
}

const LINES_A_PIECE = 10_000;

function* linesOf(papers: readonly SplitPaper[]): Iterable<Uint8Array> {
  for (let start = 0; start < papers.length; start += LINES_A_PIECE) {
    const lines = papers
      .slice(start, start + LINES_A_PIECE)
      .map(({ id, split, topic, role, pair }) =>
        JSON.stringify({ id, split, topic, ...(pair ? { query: pair.query, document: pair.document } : { role }) }),
      );
    yield Buffer.from(`${lines.join('\n')}\n`);
  }
}

/** The configuration that a run was started with. */
export async function readRunConfig(folder: string): Promise<Config> {
  return readRunConfigSync(folder);
}

/** The same at once, for callers that cannot wait. */
export function readRunConfigSync(folder: string): Config {
  const path = join(folder, 'config.json');
  if (!existsSync(path)) {
    throw new UserError(
      `${folder} is not a run folder: expected ${path}; make one with "llm-embedding run --out ${folder}"`,
    );
  }
  const input = readJsonValueSync(path, `take it from a backup, or start the run again ${remedies().restart}`);
  try {
    return resolveConfig({ input });
  } catch (error) {
    throw new UserError(`${path} cannot be used: ${(error as Error).message}`);
  }
}
