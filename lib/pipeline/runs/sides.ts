/** On which side of a run its papers or pairs are, as its papers.jsonl has it. */
import { join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { isThere } from '../../files/is-there.js';
import { jsonObjectOf } from '../../files/json.js';
import { textLines } from '../../files/text-lines.js';

export interface PaperOfRun {
  id: string;
  split: string;
  /** Of a pair: the id of its query. */
  query?: string;
}

/** A line at a time, none for a folder without the list. @throws UserError for a damaged line */
export async function* papersOfRun(folder: string): AsyncGenerator<PaperOfRun> {
  const file = join(folder, 'papers.jsonl');
  if (!(await isThere(file))) return;
  for await (const { text, line } of textLines(file)) {
    const paper = jsonObjectOf(text);
    if (typeof paper === 'string') {
      throw new UserError(`"${file}" line ${line}: ${paper}; take the file from a backup, or train the run again`);
    }
    const query = typeof paper.query === 'string' ? { query: paper.query } : {};
    yield { id: String(paper.id), split: String(paper.split), ...query };
  }
}

/** Ids of papers, of pairs those of their queries, that the run was trained on or chosen by. */
export async function seenInTraining(folder: string): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  for await (const { id, split, query } of papersOfRun(folder)) if (split !== 'test') seen.add(query ?? id);
  return seen;
}
