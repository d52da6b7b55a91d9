/**
 * Prints the statistics of the sample corpus, or of another snapshot, beside those of real arXiv records.
 *
 *     node dist/scripts/corpus-statistics.js [--data FILE] [--json]
 *
 * FILE is a metadata snapshot (.jsonl or .jsonl.gz). Two columns of real values: those that the corpus was designed
 * after, and what this script itself finds in the 37,813 real records of the nine topics (they differ where the
 * definition of a content word matters).
 */
import { parseArgs } from 'node:util';
import { DEFAULT_SNAPSHOT, readRecords } from './sample-corpus/read.js';
import { corpusStatistics, type Statistic } from './sample-corpus/statistics.js';

/** Measured on real arXiv records: the values to match, and the same by this script. */
export const REAL_VALUES: Record<string, [target: string, byThisScript: string]> = {
  'title words, 5/25/50/75/95 %': ['5 8 10 12 16', '5 8 10 12 16'],
  'abstract words, 5/25/50/75/95 %': ['64 118 159 200 256', '65 119 159 200 255'],
  'sentences, 5/25/50/75/95 %': ['3 5 7 8 11', '3 5 7 8 11'],
  'title words found in the abstract, mean': ['0.85', '0.85'],
  'title words found in the abstract, 5/50 %': ['0.54 0.875', '0.53 0.875'],
  'titles fully covered': ['23%', '39%'],
  'BM25 hit@1, 500 papers': ['0.982', '0.974'],
  'BM25 hit@1, 2,000 papers': ['0.937', '0.941'],
  'BM25 hit@1 within the main topic': ['0.836 (2,000 papers)', '0.843 (2,000 papers)'],
  'Jaccard, random pair': ['0.038', '0.041'],
  'Jaccard, nearest neighbour': ['0.116', '0.142'],
  'Jaccard, nearest neighbour, 95 %': ['0.181', '0.190'],
  'vocabulary of 2,000 papers': ['16,800', '16,939'],
  'words that occur once': ['36%', '35%'],
  'Zipf slope': ['-0.79', '-0.78'],
  'abstracts with $': ['28%', '28%'],
  'titles with a colon': ['29%', '29%'],
};

function main(): void {
  const { values } = parseArgs({
    options: { data: { type: 'string', default: DEFAULT_SNAPSHOT }, json: { type: 'boolean', default: false } },
  });
  const statistics = corpusStatistics(readRecords(values.data));
  if (values.json) {
    process.stdout.write(`${JSON.stringify(Object.fromEntries(statistics.map(({ name, value }) => [name, value])))}\n`);
    return;
  }
  const row = ({ name, value }: Statistic): string => tableRow(name, value, ...(REAL_VALUES[name] ?? ['', '']));
  process.stdout.write(`${tableRow('statistic', 'this corpus', 'real arXiv', 'real, by this script')}\n`);
  process.stdout.write(`${statistics.map(row).join('\n')}\n`);
}

function tableRow(name: string, ...values: string[]): string {
  return `${name.padEnd(44)}${values.map((value) => value.padEnd(22)).join('')}`.trimEnd();
}

if (process.argv[1]?.endsWith('corpus-statistics.js')) main();
