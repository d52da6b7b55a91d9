/** The examples run as they stand. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, serveEncoder } from '../../lib/server/serve.js';
import { llmEmbedding, workFolder } from '../../test/cli/command-line.js';
import { PYTHON_HINT, python, WITH_PYTHON } from '../python.js';
import { searchable } from '../server/serving.js';
import { type ExampleRun, makeExampleRun } from './example-run.js';

const execute = promisify(execFile);
const example = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

const cwd = workFolder();
let run: ExampleRun;
beforeAll(async () => {
  // a query may be a whole abstract
  run = await makeExampleRun(cwd, ['tokens.maxTitleTokens=256', 'tokens.maxAbstractTokens=256']);
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

it.skipIf(!WITH_PYTHON)(`exported.py ranks its texts (${PYTHON_HINT})`, { timeout: 600_000 }, async () => {
  const { code, stderr } = await llmEmbedding(
    ['export', run.folder, '--to', 'sentence-transformers', '--out', 'exported'],
    { cwd },
  );
  expect(code, stderr).toBe(0);
  const { stdout } = await execute(python(), [example('exported.py'), 'exported', 'black holes'], { cwd });
  expect(stdout).toMatch(/^(-?[01]\.\d{3} {2}\S.*\n){2}$/);
});

/** Python 3 is all that the example asks for. */
const PYTHON = spawnSync('python3', ['--version']).status === 0 ? 'python3' : undefined;
if (!PYTHON) console.warn('skipped: no Python on this machine to run the example with');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!CHROMIUM) console.warn('skipped: no Chromium on this machine to open the example in');

describe('over a server', () => {
  let server: RunningServer;
  let pages: Server;
  let origin: string;
  beforeAll(async () => {
    const page = readFileSync(example('page.html'));
    pages = createServer((_, response) => response.setHeader('content-type', 'text/html').end(page));
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    server = await serveEncoder(run.folder, { port: 0, allowedOrigins: [origin] });
    await searchable(server.url);
  });
  afterAll(async () => {
    pages?.close();
    await server?.stop();
  });

  it.skipIf(!PYTHON)('client.py compares texts and finds papers', async () => {
    const { stdout } = await execute(PYTHON as string, [example('client.py'), server.url, run.papers[2]!.abstract]);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[2]).toBe(`1.000  ${run.papers[2]!.title}`);
    for (const line of lines) expect(line).toMatch(/^-?[01]\.\d{3} {2}\S/);
  });

  it.skipIf(!CHROMIUM)('page.html lists what the server finds, and says so where none answers', async () => {
    const browser = await chromium.launch({
      executablePath: CHROMIUM as string,
      args: ['--no-sandbox', '--disable-gpu'],
    });
    try {
      const page = await browser.newPage();
      await page.goto(`${origin}/?server=${server.url}`);
      await page.getByRole('searchbox').fill(run.papers[2]!.abstract);
      await page.keyboard.press('Enter');
      await page.waitForSelector('li');
      expect(await page.getByRole('listitem').first().textContent()).toBe(run.papers[2]!.title);
      await page.goto(`${origin}/?server=http://127.0.0.1:1`);
      await page.getByRole('searchbox').fill('waves');
      await page.keyboard.press('Enter');
      await page.getByText('no answer from http://127.0.0.1:1').waitFor();
    } finally {
      await browser.close();
    }
  });
});
