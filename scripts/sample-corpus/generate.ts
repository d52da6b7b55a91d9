/**
 * Makes data/sample-corpus.jsonl.gz, the synthetic corpus that the experiment runs on by default.
 *
 *     node dist/scripts/sample-corpus/generate.js [--out FILE]
 *
 * The same source makes the same records byte for byte; the gzip header carries no time and no system.
 */
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { writeFileAtomicSync } from '../../lib/files/atomic-file.js';
import { makeCorpus, type SampleRecord } from './corpus.js';

/** The records as JSON lines. */
export function toJsonLines(records: readonly SampleRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** Gzip without a trace of when and where. */
export function compress(text: string): Buffer {
  const bytes = gzipSync(text, { level: 9 });
  bytes.writeUInt32LE(0, 4); // modification time
  bytes.writeUInt8(255, 9); // operating system: unknown
  return bytes;
}

function main(): void {
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'data/sample-corpus.jsonl.gz' } } });
  const records = makeCorpus();
  const bytes = compress(toJsonLines(records));
  writeFileAtomicSync(values.out, bytes);
  process.stderr.write(`${records.length} papers, ${(bytes.length / 1e6).toFixed(2)} MB -> ${values.out}\n`);
}

if (process.argv[1]?.endsWith('generate.js')) main();
