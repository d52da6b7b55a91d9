import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkError } from '../../lib/core/errors.js';
import { Random } from '../../lib/core/random.js';
import { fetchArxiv } from '../../lib/datasets/arxiv/fetch.js';
import type { FetchOptions } from '../../lib/datasets/arxiv/options.js';
import { type ArxivServer, FAULTS, type Fault, OAI_FAULTS, startArxiv } from './helpers/arxiv-server.js';
import { makePapers } from './helpers/corpus.js';
import { TestClock, Workplace } from './helpers/fetching.js';

const CATEGORIES = ['gr-qc', 'hep-th'];
const place = new Workplace();
let server: ArxivServer;
const undisturbed = { api: '', oai: '' };
type Source = keyof typeof undisturbed;

beforeAll(async () => {
  server = await startArxiv(makePapers(47, [...CATEGORIES, 'cs.LG']));
  for (const source of ['api', 'oai'] as const) {
    const result = await fetchArxiv(optionsOf(source, `undisturbed ${source}`));
    undisturbed[source] = readFileSync(result.path, 'utf8');
  }
});
afterAll(async () => {
  await server.close();
  place.remove();
});

function optionsOf(source: Source, name: string): FetchOptions {
  const address = source === 'api' ? server.baseUrl : server.oaiUrl;
  return { ...place.options(name, new TestClock(), address, CATEGORIES), source };
}

/** Fetches with the faults; if that ends with an error, once more without. Returns the file and the error. */
async function fetchWith(
  source: Source,
  name: string,
  faultOf: (index: number, url: URL) => Fault | null,
): Promise<WorkError | null> {
  const options = optionsOf(source, `${source} ${name}`);
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
  expect(readFileSync(options.out, 'utf8')).toBe(undisturbed[source]);
  return failure;
}

describe.each([
  { source: 'api', faults: FAULTS },
  { source: 'oai', faults: OAI_FAULTS },
] as const)('fetching in the weather ($source)', ({ source, faults }) => {
  it('has every paper of the categories exactly once', () => {
    const ids = undisturbed[source]
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    const expected = server.papers.filter((paper) => paper.categories.some((name) => CATEGORIES.includes(name)));
    expect(ids.slice().sort()).toEqual(expected.map((paper) => paper.id).sort());
  });

  it.each(faults)('%s, once for each page', async (fault) => {
    const met = new Set<string>();
    const failure = await fetchWith(source, `once ${fault}`, (_, url) => {
      if (met.has(url.search)) return null;
      met.add(url.search);
      return fault;
    });
    expect(failure).toBeNull();
    expect(server.requests.filter((request) => request.fault === fault).length).toBeGreaterThanOrEqual(4);
  });

  it.each(faults)('%s, on every second request', async (fault) => {
    expect(await fetchWith(source, `alternating ${fault}`, (index) => (index % 2 === 0 ? fault : null))).toBeNull();
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
    const failure = await fetchWith(source, `lasting ${fault}`, (index) => (index >= 2 ? fault : null));
    expect(failure?.message).toMatch(
      /after 9 attempts; run the same command again later, it resumes where it stopped$/,
    );
    expect(failure?.message).not.toContain('\n');
    // The pages stored before are not asked for again.
    const isFirst = ({ searchParams }: URL): boolean =>
      source === 'api' ? searchParams.get('start') === '0' : !searchParams.has('resumptionToken');
    expect(server.requests.filter(({ fault, url }) => fault === null && isFirst(url)).length).toBe(2);
  });

  /** LLM_EMBEDDING_FAULT_MIXTURES=200 for the long run. */
  const mixtures = Number(process.env.LLM_EMBEDDING_FAULT_MIXTURES ?? 15);
  it(`${mixtures} random mixtures`, async () => {
    let failures = 0;
    for (let seed = 0; seed < mixtures; seed++) {
      const random = new Random(seed, 'faults', source);
      const frequency = random.uniform() * 0.9;
      const kinds = random.shuffle(faults).slice(0, 1 + random.integer(6));
      const faultOf = (_: number, url: URL): Fault | null => {
        const fault = random.uniform() < frequency ? random.pick(kinds) : null;
        // Several answers in a row that end a list with its first page are rightly believed.
        return fault === 'no token' && !url.searchParams.has('resumptionToken') ? null : fault;
      };
      if (await fetchWith(source, `mixture ${seed}`, faultOf)) failures++;
    }
    expect(failures).toBeLessThan(mixtures / 2);
  }, 3_000_000);
});
