/**
 * Prints the statistics of the sample corpus beside those of real arXiv records, or those of another snapshot.
 *
 *     node dist/scripts/corpus-statistics.js [--data FILE] [--json]
 *
 * FILE is a metadata snapshot (.jsonl or .jsonl.gz). The real values were measured on 6,580 to 37,813 records of the
 * arXiv metadata snapshot of the nine topics; run the script on a snapshot of your own to see them again.
 */
import { parseArgs } from 'node:util';
import { DEFAULT_SNAPSHOT, readRecords } from './sample-corpus/read.js';
import { corpusStatistics, type Statistic } from './sample-corpus/statistics.js';

/** The same statistics of real arXiv records, in the words of the table. */
export const REAL_VALUES: Record<string, string> = {
  'title words, 5/25/50/75/95 %': '5 8 10 12 16',
  'abstract words, 5/25/50/75/95 %': '64 118 159 200 256',
  'sentences, 5/25/50/75/95 %': '3 5 7 8 11',
  'title words found in the abstract, mean': '0.85',
  'title words found in the abstract, 5/50 %': '0.54 0.875',
  'titles fully covered': '23%',
  'BM25 hit@1, 500 papers': '0.982',
  'BM25 hit@1, 2,000 papers': '0.937',
  'BM25 hit@1 within the main topic': '0.836 (2,000 papers)',
  'Jaccard, random pair': '0.038',
  'Jaccard, nearest neighbour': '0.116',
  'Jaccard, nearest neighbour, 95 %': '0.181',
  'vocabulary of 2,000 papers': '16,800',
  'words that occur once': '36%',
  'Zipf slope': '-0.79',
  'abstracts with $': '28%',
  'titles with a colon': '29%',
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
  const row = ({ name, value }: Statistic): string =>
    `${name.padEnd(44)}${value.padEnd(24)}${REAL_VALUES[name] ?? ''}`.trimEnd();
  process.stdout.write(`${'statistic'.padEnd(44)}${'this corpus'.padEnd(24)}real arXiv records\n`);
  process.stdout.write(`${statistics.map(row).join('\n')}\n`);
}

if (process.argv[1]?.endsWith('corpus-statistics.js')) main();
