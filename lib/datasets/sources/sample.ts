import { fileURLToPath } from 'node:url';
import { snapshotSource } from './snapshot.js';
import type { DataSource } from './source.js';

/** The corpus that comes with the package: synthetic, in the format of a snapshot. */
export const SAMPLE_CORPUS: string = fileURLToPath(new URL('../../../../data/sample-corpus.jsonl.gz', import.meta.url));

export const sampleSource: DataSource = {
  ...snapshotSource,
  name: 'sample',
  help: 'the corpus of this package',
  endings: [],
  recognizes: () => false,
  locate: () => SAMPLE_CORPUS,
};
