import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchArxiv } from '../../lib/datasets/arxiv/fetch.js';
import { WorkError } from '../../lib/errors.js';
import { Random } from '../../lib/random.js';
import { type ArxivServer, FAULTS, type Fault, startArxiv } from './helpers/arxiv-server.js';
import { makePapers } from './helpers/corpus.js';
import { TestClock, Workplace } from './helpers/fetching.js';

const CATEGORIES = ['gr-qc', 'hep-th'];
const place = new Workplace();
let server: ArxivServer;
let undisturbed: string;

beforeAll(async () => {
  server = await startArxiv(makePapers(47, [...CATEGORIES, 'cs.LG']));
  const result = await fetchArxiv(place.options('undisturbed', new TestClock(), server.baseUrl, CATEGORIES));
  undisturbed = readFileSync(result.path, 'utf8');
});
afterAll(async () => {
  await server.close();
  place.remove();
});

/** Fetches with the faults; if that ends with an error, once more without. Returns the file and the error. */
async function fetchWith(name: string, faultOf: (index: number, url: URL) => Fault | null): Promise<WorkError | null> {
  const options = place.options(name, new TestClock(), server.baseUrl, CATEGORIES);
  server.requests.length = 0;
  server.faultOf = faultOf;
  let failure: WorkError | null = null;
  try {
    await fetchArxiv(options);
  } catch (error) {
    if (!(error instanceof WorkError)) throw error;
    failure = error;
    server.faultOf = () => null;
    await fetchArxiv(options);
  }
  expect(readFileSync(options.out, 'utf8')).toBe(undisturbed);
  return failure;
}

describe('fetching in the weather', () => {
  it('has every paper of the categories exactly once', () => {
    const ids = undisturbed
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    const expected = server.papers.filter((paper) => paper.categories.some((name) => CATEGORIES.includes(name)));
    expect(ids.slice().sort()).toEqual(expected.map((paper) => paper.id).sort());
  });

  it.each(FAULTS)('%s, once for each page', async (fault) => {
    const met = new Set<string>();
    const failure = await fetchWith(`once ${fault}`, (_, url) => {
      if (met.has(url.search)) return null;
      met.add(url.search);
      return fault;
    });
    expect(failure).toBeNull();
    expect(server.requests.filter((request) => request.fault === fault).length).toBeGreaterThanOrEqual(4);
  });

  it.each(FAULTS)('%s, on every second request', async (fault) => {
    expect(await fetchWith(`alternating ${fault}`, (index) => (index % 2 === 0 ? fault : null))).toBeNull();
  });

  it.each([
    'drop',
    '503',
    '429 with Retry-After',
    'empty page',
    'empty page without total',
    'truncated body',
    'HTML page',
  ] satisfies Fault[])('%s from the third request on: a clear error, and the rest later', async (fault) => {
    const failure = await fetchWith(`lasting ${fault}`, (index) => (index >= 2 ? fault : null));
    expect(failure?.message).toMatch(
      /after 9 attempts; run the same command again later, it goes on where it stopped$/,
    );
    expect(failure?.message).not.toContain('\n');
    // The pages stored before are not asked for again.
    expect(
      server.requests.filter((request) => request.fault === null && request.url.searchParams.get('start') === '0')
        .length,
    ).toBe(2);
  });

  /** LLM_EMBEDDING_FAULT_MIXTURES=200 for the long run. */
  const mixtures = Number(process.env.LLM_EMBEDDING_FAULT_MIXTURES ?? 60);
  it(`${mixtures} random mixtures`, async () => {
    let failures = 0;
    for (let seed = 0; seed < mixtures; seed++) {
      const random = new Random(seed, 'faults');
      const frequency = random.uniform() * 0.9;
      // The drip takes real time, and its test is above.
      const kinds = random.shuffle(FAULTS.filter((fault) => fault !== 'slow drip')).slice(0, 1 + random.integer(6));
      if (await fetchWith(`mixture ${seed}`, () => (random.uniform() < frequency ? random.pick(kinds) : null)))
        failures++;
    }
    expect(failures).toBeLessThan(mixtures / 2);
  }, 600_000);
});
