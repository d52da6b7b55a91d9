/** The same pairs written in each layout that is read. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Triple {
  query: string;
  positive: string;
  negatives: string[];
}

const SUBJECTS = ['black holes', 'neutron stars', 'gravity waves', 'dark matter', 'inflation', 'quasars', 'pulsars'];
const PLACES = ['in galaxies', 'near the horizon', 'at early times', 'in clusters', 'from lensing', 'by spectroscopy'];

/** Different pairs, with no, one or two negatives. */
export function triples(count: number): Triple[] {
  const about = (i: number): string => `${SUBJECTS[i % 7]} ${PLACES[Math.floor(i / 7) % 6]} in sample ${i}`;
  return Array.from({ length: count }, (_, i) => ({
    query: `What is known of ${about(i)}?`,
    positive: `We report on ${about(i)} and discuss what was measured.`,
    negatives: Array.from({ length: i % 3 }, (_, n) => `Nothing is said of ${about(i)} in remark ${n}.`),
  }));
}

const lines = (rows: unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const sideOf = (i: number): string => (i % 5 === 3 ? 'dev' : i % 5 === 4 ? 'test' : 'train');

/** Writes a layout below the folder. @returns what `datasets.source` names */
export const LAYOUTS: Record<string, (folder: string, rows: Triple[]) => string> = {
  'JSON lines with a list of negatives'(folder, rows) {
    const path = join(folder, 'pairs.jsonl');
    writeFileSync(path, lines(rows.map(({ query, ...row }, i) => ({ anchor: query, ...row, split: sideOf(i) }))));
    return path;
  },
  'CSV with columns of negatives'(folder, rows) {
    const path = join(folder, 'pairs.csv');
    const cells = rows.map(({ query, positive, negatives: [one = '', two = ''] }, i) =>
      [query, positive, one, two, sideOf(i)].map((cell) => `"${cell}"`).join(','),
    );
    writeFileSync(path, ['query,answer,negative_1,negative_2,split', ...cells, ''].join('\n'));
    return path;
  },
  'TSV with a list as JSON'(folder, rows) {
    const path = join(folder, 'pairs.tsv');
    const cells = rows.map(({ query, positive, negatives }, i) =>
      [query, positive, JSON.stringify(negatives), sideOf(i)].join('\t'),
    );
    writeFileSync(path, ['question\tpassage\tnegatives\tsplit', ...cells, ''].join('\n'));
    return path;
  },
  'a folder of sentence-transformers'(folder, rows) {
    const path = join(folder, 'dataset');
    mkdirSync(join(path, 'data'), { recursive: true });
    for (const side of ['train', 'dev', 'test']) {
      const own = rows.filter((_, i) => sideOf(i) === side);
      writeFileSync(
        join(path, 'data', `${side}-00000-of-00001.jsonl`),
        lines(own.map(({ query, positive, negatives }) => ({ sentence1: query, sentence2: positive, negatives }))),
      );
    }
    writeFileSync(join(path, 'README.md'), 'A data set.\n');
    writeFileSync(join(path, 'dataset_info.json'), '{}\n');
    return path;
  },
  'a BEIR folder'(folder, rows) {
    const path = join(folder, 'beir');
    mkdirSync(join(path, 'qrels'), { recursive: true });
    const corpus = rows.flatMap(({ positive, negatives }, i) => [
      { _id: `d${i}`, title: '', text: positive },
      ...negatives.map((text, n) => ({ _id: `d${i}-${n}`, title: '', text })),
    ]);
    writeFileSync(join(path, 'corpus.jsonl'), lines(corpus));
    writeFileSync(join(path, 'queries.jsonl'), lines(rows.map(({ query }, i) => ({ _id: `q${i}`, text: query }))));
    for (const side of ['train', 'dev', 'test']) {
      const judged = rows.flatMap(({ negatives }, i) =>
        sideOf(i) === side ? [`q${i}\td${i}\t2`, ...negatives.map((_, n) => `q${i}\td${i}-${n}\t0`)] : [],
      );
      writeFileSync(join(path, 'qrels', `${side}.tsv`), ['query-id\tcorpus-id\tscore', ...judged, ''].join('\n'));
    }
    return path;
  },
};
