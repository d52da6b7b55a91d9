/** A metadata snapshot in the format of arXiv's on Kaggle: a JSON object a line, with categories. */
import { readSnapshot } from '../snapshot/read.js';
import { DEFAULT_COLUMNS } from './columns.js';
import type { DataSource } from './source.js';

export const snapshotSource: DataSource = {
  name: 'snapshot',
  help: 'a metadata snapshot (.json, .jsonl)',
  expects: 'a JSON object a line with id, title, abstract and categories',
  isArxiv: true,
  recognizes: ({ beginning, columns }) =>
    // Whoever names columns has a corpus of their own.
    Object.entries(columns).every(([name, value]) => value === DEFAULT_COLUMNS[name as keyof typeof columns]) &&
    beginning.objects.some((object) => Object.hasOwn(object, 'categories')),
  read: (path, { settings, isWanted, counts, reporting }) =>
    readSnapshot(path, { strict: settings.strict, isWanted }, counts, reporting),
};
