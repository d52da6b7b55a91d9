/**
 * Failing inputs of the field, as a shell has them: each case is a folder with `cmd` and a `why.md` that says what is
 * right. They lie beside the project, and the test is skipped where they do not.
 */
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CASES = [join(ROOT, '../shared/cases'), join(ROOT, '../../shared/cases')].find(existsSync);
if (!CASES) console.warn('skipped: no ../shared/cases beside the project');

/** What the output of each case has to show, and what it must not. */
const RIGHT: Record<string, { shows: RegExp[]; not?: RegExp }> = {
  '01-sentence-transformers-folder-ignored': { shows: [/^same$/m], not: /DIFFERENT/ },
  '03-run-pooling-lost-in-encode': { shows: [/^same$/m], not: /DIFFERENT/ },
  '04-ids-beyond-2-53': {
    shows: [/nDCG@10 +1\.000/, /297136541426397184\\",\\"297136541426397185/],
  },
  '05-not-utf8-read-as-replacement': {
    shows: [/"run\.trec" line 1: not UTF-8/, /"text\.txt" line 1: not UTF-8/, /"papers\.csv".*line 2: not UTF-8/],
    not: /MRR@10/,
  },
  '06-utf16-text': { shows: [/2 embeddings/] },
  '07-json-lines-by-another-name': { shows: [/ndjson\.npy/], not: /differ|No such file/ },
  '08-beir-empty-document': { shows: [/1 document has no text/, /nDCG@10 +1\.000/] },
  '10-openai-null-and-zero-vectors': {
    shows: [/left out: .*holds null, which is not finite/, /left out: .*an embedding of zeros/],
    not: /openai:mymodel nDCG@10/,
  },
  '11-bm25-one-long-word': { shows: [/nDCG@10 +1\.000/] },
  '12-qrels-conflicting-grades': { shows: [/line 2: query "q1" and document "d2" are judged 1 and 0/], not: /MRR@10/ },
  '15-openai-lone-surrogate': { shows: [/openai:mymodel/], not: /left out/ },
  '16-openai-answer-200-that-is-no-answer': {
    shows: [/no embeddings \(rate limited upstream\)/, /not JSON \(login\)/, /the same index twice/],
    not: /is not iterable/,
  },
  '21-beir-dangling-judgements': {
    shows: [/corpus lacks 1 of 3 judged documents/, /queries lack 1 of 3 judged queries/, /nDCG@10 +\.807/],
  },
};

const scratch = mkdtempSync(join(tmpdir(), 'cases-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Both streams of the case's command, run in a copy of its folder. */
function outputOf(name: string): Promise<string> {
  const folder = join(scratch, name);
  cpSync(join(CASES as string, name), folder, { recursive: true });
  chmodSync(folder, 0o755);
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) chmodSync(join(folder, file), 0o755);
  return new Promise((resolve) => {
    const env = { ...process.env, P: ROOT.replace(/\/$/, ''), TMPDIR: scratch };
    // several commands each: the last one's exit code says nothing
    execFile('bash', ['cmd'], { cwd: folder, env, maxBuffer: 2 ** 26 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

describe.skipIf(!CASES)('a case of the field', () => {
  it.each(Object.entries(RIGHT).filter(([name]) => CASES && existsSync(join(CASES, name))))(
    '%s',
    async (name, { shows, not }) => {
      const output = await outputOf(name);
      for (const pattern of shows) expect(output).toMatch(pattern);
      if (not) expect(output).not.toMatch(not);
      expect(output).not.toMatch(/please report it|^ +at /m);
    },
    300_000,
  );
});
