import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FetchOptions, fetchArxiv } from '../../lib/datasets/arxiv/fetch.js';
import { Random } from '../../lib/random.js';
import { type ArxivServer, startArxiv } from './helpers/arxiv-server.js';
import { makePapers } from './helpers/corpus.js';
import { TestClock, Workplace } from './helpers/fetching.js';

const CATEGORIES = ['gr-qc', 'hep-th'];
const place = new Workplace();
let server: ArxivServer;

beforeAll(async () => {
  server = await startArxiv(makePapers(60, CATEGORIES));
  server.latency = 30;
});
afterAll(async () => {
  await server.close();
  place.remove();
});

function startFetch(options: FetchOptions, realClock: boolean): ChildProcess & { done: Promise<boolean> } {
  const script = fileURLToPath(new URL('./helpers/fetch-child.mjs', import.meta.url));
  const module = new URL('../../dist/lib/datasets/arxiv/fetch.js', import.meta.url).href;
  const { clock: _, ...plain } = options;
  const child = spawn(process.execPath, [script, JSON.stringify({ module, options: plain, realClock })], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const done = new Promise<boolean>((resolve) => child.on('exit', (code) => resolve(code === 0)));
  return Object.assign(child, { done });
}

/** LLM_EMBEDDING_KILLS=50 for the long run. */
const kills = Number(process.env.LLM_EMBEDDING_KILLS ?? 5);
it(`a fetch killed at ${kills} random moments ends with the same file as an undisturbed one`, async () => {
  const undisturbed = readFileSync(
    (await fetchArxiv(place.options('whole', new TestClock(), server.baseUrl, CATEGORIES))).path,
  );
  const random = new Random(7, 'kills');
  let killed = 0;
  for (let round = 0; killed < kills; round++) {
    const options = { ...place.options(`killed-${round}`, new TestClock(), server.baseUrl, CATEGORIES), timeout: 20 };
    for (let finished = false; !finished; ) {
      const child = startFetch(options, false);
      // At a request, or up to a few milliseconds later: while it waits, receives, stores, or asks for the next.
      const before = server.requests.length;
      const moment = 1 + random.integer(4);
      const delay = random.integer(50);
      server.onRequest = () => {
        if (server.requests.length - before === moment && killed < kills) {
          setTimeout(() => {
            if (child.exitCode === null && child.kill('SIGKILL')) killed++;
          }, delay);
        }
      };
      finished = await child.done;
    }
    server.onRequest = () => {};
    expect(readFileSync(options.out).equals(undisturbed)).toBe(true);
    expect(readdirSync(place.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  }
}, 600_000);

it('two processes share one pace and one connection, and a killed one does not stop the other', async () => {
  server.requests.length = 0;
  const lockFile = place.path('shared-pacing.json');
  const interval = 0.25;
  const options = (name: string): FetchOptions => ({
    ...place.options(name, new TestClock(), server.baseUrl, CATEGORIES),
    lockFile,
    interval,
    timeout: 20,
  });
  const first = startFetch(options('first'), true);
  const second = startFetch(options('second'), true);
  const third = startFetch(options('third'), true);
  server.onRequest = () => {
    if (server.requests.length === 5) third.kill('SIGKILL');
  };
  expect(await Promise.all([first.done, second.done, third.done])).toEqual([true, true, false]);
  server.onRequest = () => {};
  expect(server.requests.length).toBeGreaterThan(10);
  for (let index = 1; index < server.requests.length; index++) {
    const [before, after] = [server.requests[index - 1]!, server.requests[index]!];
    expect(after.arrived).toBeGreaterThanOrEqual(before.ended);
    expect(after.arrived - before.arrived).toBeGreaterThanOrEqual(interval * 1000);
  }
  expect(readFileSync(options('first').out).equals(readFileSync(options('second').out))).toBe(true);
});
