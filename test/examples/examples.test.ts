/** The examples run as they stand. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { workFolder } from '../../test/cli/command-line.js';
import { type ExampleRun, makeExampleRun } from './example-run.js';

const execute = promisify(execFile);
const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

const cwd = workFolder();
let run: ExampleRun;
beforeAll(async () => {
  run = await makeExampleRun(cwd);
}, 120_000);

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    console.warn(`skipped: ${name} is not installed`);
    return false;
  }
}

it('search.mjs ranks its texts', async () => {
  const { stdout } = await execute(process.execPath, [example('search.mjs'), run.folder, 'black holes'], { cwd });
  const scores = stdout
    .trim()
    .split('\n')
    .map((line) => Number.parseFloat(line));
  expect(scores).toHaveLength(3);
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
});

describe.skipIf(!isInstalled('@langchain/core/embeddings'))('langchain.mjs', () => {
  it('runs', async () => {
    const { stdout } = await execute(process.execPath, [example('langchain.mjs'), run.folder], { cwd });
    expect(stdout).toMatch(/^-?[01]\.\d{3} -?[01]\.\d{3}\n$/);
  });
});
