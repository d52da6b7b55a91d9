/**
 * A folder in the layout of the BEIR benchmark, of which the corpus is read (corpus.jsonl with _id, title and text; Thakur
 * et al., 2021, arXiv:2104.08663).
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/errors.js';
import { readRows } from './json-lines.js';
import type { DataSource } from './source.js';

export const beirSource: DataSource = {
  name: 'beir',
  help: 'a BEIR folder (plain or compressed with .gz or .zip, all of them)',
  expects: 'rows with a title and a text; name their columns with datasets.columns',
  recognizes: ({ path, isFolder }) => isFolder && corpusOf(path) !== undefined,
  read(folder, context) {
    const path = corpusOf(folder);
    if (path === undefined) throw new UserError(`"${folder}" has no corpus.jsonl: expected a BEIR folder`);
    return readRows(path, context);
  },
};

function corpusOf(folder: string): string | undefined {
  return ['corpus.jsonl', 'corpus.jsonl.gz'].map((name) => join(folder, name)).find((path) => existsSync(path));
}
