/** The reader's own corpus as CSV or TSV with a header. */
import { looksLikeTable } from '../../files/text-format.js';
import { readCsv } from './csv-rows.js';
import type { DataSource } from './source.js';

export const csvSource: DataSource = {
  name: 'csv',
  help: 'a CSV or TSV of your own',
  expects: 'rows with a title and a text; name their columns with datasets.columns',
  endings: ['.csv', '.tsv'],
  recognizes: ({ beginning }) => beginning.objects.length === 0 && looksLikeTable(beginning),
  read: (path, { settings, isWanted, counts, reporting }) =>
    readCsv(path, { strict: settings.strict, columns: settings.columns, isWanted }, counts, reporting),
};
