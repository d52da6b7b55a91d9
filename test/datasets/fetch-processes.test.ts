import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Random } from '../../lib/core/random.js';
import { fetchArxiv } from '../../lib/datasets/arxiv/fetch.js';
import type { FetchOptions } from '../../lib/datasets/arxiv/options.js';
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

/** A clock that all processes share: it starts now and runs faster than the world's. */
interface SharedClock {
  start: number;
  speed: number;
}

function startFetch(options: FetchOptions, shared: SharedClock | null): ChildProcess & { done: Promise<boolean> } {
  const script = fileURLToPath(new URL('./helpers/fetch-child.mjs', import.meta.url));
  const module = new URL('../../dist/lib/datasets/arxiv/fetch.js', import.meta.url).href;
  const { clock: _, ...plain } = options;
  const child = spawn(process.execPath, [script, JSON.stringify({ module, options: plain, clock: shared })], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const done = new Promise<boolean>((resolve) => child.on('exit', (code) => resolve(code === 0)));
  return Object.assign(child, { done });
}

/** LLM_EMBEDDING_KILLS=50 for the long run. */
const kills = Number(process.env.LLM_EMBEDDING_KILLS ?? 3);
it.each(['api', 'oai'] as const)(
  `a fetch (%s) killed at ${kills} random moments ends with the same file as an undisturbed one`,
  async (source) => {
    const optionsOf = (name: string): FetchOptions => {
      const address = source === 'api' ? server.baseUrl : server.oaiUrl;
      return { ...place.options(`${source}-${name}`, new TestClock(), address, CATEGORIES), source, timeout: 20 };
    };
    const undisturbed = readFileSync((await fetchArxiv(optionsOf('whole'))).path);
    const random = new Random(7, 'kills', source);
    let killed = 0;
    for (let round = 0; killed < kills; round++) {
      const options = optionsOf(`killed-${round}`);
      for (let finished = false; !finished; ) {
        const child = startFetch(options, null);
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
  },
  3_000_000,
);

it('processes share one pace of three seconds and one connection, and a killed one does not stop the others', async () => {
  server.requests.length = 0;
  const lockFile = place.path('shared-pacing.json');
  const shared: SharedClock = { start: Date.now(), speed: 20 };
  server.now = () => shared.start + (Date.now() - shared.start) * shared.speed;
  // Every process has its own interface, so that both are paced together.
  const options = (source: 'api' | 'oai', name: string): FetchOptions => ({
    ...place.options(name, new TestClock(), source === 'api' ? server.baseUrl : server.oaiUrl, CATEGORIES),
    source,
    lockFile,
    timeout: 20,
  });
  const first = startFetch(options('api', 'first'), shared);
  const second = startFetch(options('oai', 'second'), shared);
  const third = startFetch(options('api', 'third'), shared);
  server.onRequest = () => {
    if (server.requests.length === 5) third.kill('SIGKILL');
  };
  expect(await Promise.all([first.done, second.done, third.done])).toEqual([true, true, false]);
  server.onRequest = () => {};
  expect(server.requests.length).toBeGreaterThan(10);
  for (let index = 1; index < server.requests.length; index++) {
    const [before, after] = [server.requests[index - 1]!, server.requests[index]!];
    expect(after.arrived).toBeGreaterThanOrEqual(before.ended);
    expect(after.arrived - before.arrived).toBeGreaterThanOrEqual(3000);
  }
  const ids = (path: string): string[] => readFileSync(path, 'utf8').match(/(?<="id":")[^"]+/g) as string[];
  expect(ids(options('api', 'first').out).sort()).toEqual(ids(options('oai', 'second').out).sort());
});
