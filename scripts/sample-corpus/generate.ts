/**
 * Makes data/sample-corpus.jsonl.gz, the synthetic corpus that the experiment runs on by default, and
 * data/sample-questions.jsonl.gz, questions about its papers in other words than theirs.
 *
 *     node dist/scripts/sample-corpus/generate.js [--out FILE] [--questions FILE]
 *
 * The same source makes the same records byte for byte; the gzip header carries no time and no system.
 */
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { writeFileAtomicSync } from '../../lib/files/atomic-file.js';
import { makeCorpus, makeQuestions, type SampleRecord } from './corpus.js';
import type { SampleQuestion } from './questions.js';

/** The records as JSON lines. */
export function toJsonLines(records: readonly (SampleRecord | SampleQuestion)[]): string {
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
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'data/sample-corpus.jsonl.gz' },
      questions: { type: 'string', default: 'data/sample-questions.jsonl.gz' },
    },
  });
  write(values.out, 'papers', makeCorpus());
  write(values.questions, 'questions', makeQuestions());
}

function write(path: string, what: string, records: readonly (SampleRecord | SampleQuestion)[]): void {
  const bytes = compress(toJsonLines(records));
  writeFileAtomicSync(path, bytes);
  process.stderr.write(`${records.length} ${what}, ${(bytes.length / 1e6).toFixed(2)} MB -> ${path}\n`);
}

if (process.argv[1]?.endsWith('generate.js')) main();
