import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { UserError, WorkError } from '../../lib/core/errors.js';
import type { ProgressEvent } from '../../lib/core/events.js';
import { fetchArxiv } from '../../lib/datasets/arxiv/fetch.js';
import type { FetchOptions } from '../../lib/datasets/arxiv/options.js';
import { pacingFile } from '../../lib/datasets/arxiv/pacing.js';
import { loadDataset } from '../../lib/datasets/dataset.js';
import { type ArxivServer, startArxiv } from './helpers/arxiv-server.js';
import { makePapers, type TestPaper } from './helpers/corpus.js';
import { TestClock, Workplace } from './helpers/fetching.js';

const CATEGORIES = ['gr-qc', 'hep-th', 'cs.LG'];
const papers = makePapers(90, CATEGORIES);
const place = new Workplace();
let server: ArxivServer;
let clock: TestClock;
let count = 0;

beforeAll(async () => {
  server = await startArxiv(papers);
});
afterAll(async () => {
  await server.close();
  place.remove();
});
beforeEach(() => {
  clock = new TestClock();
  server.requests.length = 0;
  server.faultOf = () => null;
  server.papers = papers;
  server.queryLimit = 30_000;
  server.oaiExpiredBefore = 0;
});

function options(change: Partial<FetchOptions> = {}): FetchOptions {
  return { ...place.options(`fetch-${count++}`, clock, server.baseUrl, CATEGORIES), ...change };
}

const idsOf = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
const listed = (category: string): TestPaper[] => papers.filter((paper) => paper.categories.includes(category));

describe('fetching from the API', () => {
  it('replaces an older snapshot, and no other file, before it asks', async () => {
    const asked = options({ maxPerCategory: 5 });
    writeFileSync(asked.out, 'id,title\n1,mine\n');
    await expect(fetchArxiv(asked)).rejects.toThrow(/holds no snapshot of papers: choose another --out/);
    expect(server.requests).toEqual([]);
    writeFileSync(asked.out, '{"id": "2101.00001", "title": "Old", "abstract": "Older", "categories": "gr-qc"}\n');
    expect((await fetchArxiv(asked)).papers).toBeGreaterThan(0);
    expect(readFileSync(asked.out, 'utf8')).not.toContain('Older');
  });

  it('writes each paper once, with progress', async () => {
    const events: ProgressEvent[] = [];
    const result = await fetchArxiv(options(), { onProgress: (event) => events.push(event) });
    expect(idsOf(result.path).sort()).toEqual(papers.map((paper) => paper.id).sort());
    const entries = CATEGORIES.reduce((sum, category) => sum + listed(category).length, 0);
    expect(result).toMatchObject({ papers: 90, repeated: entries - 90, withdrawn: 0, malformed: 0 });
    expect(events.at(-1)).toEqual({
      task: 'fetching cs.LG',
      done: listed('cs.LG').length,
      total: listed('cs.LG').length,
      unit: 'papers',
    });
  });

  it('leaves three seconds between the end of one request and the start of the next', async () => {
    server.now = () => clock.now();
    // Every answer takes a second and a half of the test's time.
    server.onRequest = () => {
      clock.time += 1500;
    };
    server.faultOf = (index) => (index === 4 ? '503' : null);
    await fetchArxiv(options());
    server.onRequest = () => {};
    expect(server.requests.length).toBeGreaterThan(10);
    for (let index = 1; index < server.requests.length; index++) {
      expect(server.requests[index]!.arrived - server.requests[index - 1]!.arrived).toBeGreaterThanOrEqual(3000);
    }
  });

  it('waits as long as the server asks', async () => {
    server.faultOf = (index) => (index === 0 ? '429 with Retry-After' : index === 1 ? '503 until a date' : null);
    server.now = () => clock.now();
    const messages: string[] = [];
    await fetchArxiv(options(), { onMessage: (event) => messages.push(event.text) });
    expect(clock.waits.some((wait) => wait >= 17_000 && wait < 18_100)).toBe(true);
    expect(clock.waits.some((wait) => wait >= 29_000 && wait < 31_100)).toBe(true);
    expect(messages.join('\n')).toMatch(/HTTP 429; next attempt in 1[78] s/);
  });

  it('asks for the newest where the number is limited', async () => {
    const result = await fetchArxiv(options({ categories: ['gr-qc'], maxPerCategory: 17 }));
    const newest = listed('gr-qc').slice(-17).reverse();
    expect(idsOf(result.path)).toEqual(newest.map((paper) => paper.id));
  });

  it('asks by submission date where a query cannot reach everything', async () => {
    server.queryLimit = 25;
    const result = await fetchArxiv(options({ queryLimit: 25, categories: ['gr-qc'] }));
    expect(listed('gr-qc').length).toBeGreaterThan(25);
    expect(idsOf(result.path).sort()).toEqual(
      listed('gr-qc')
        .map((paper) => paper.id)
        .sort(),
    );
    const limited = await fetchArxiv(options({ queryLimit: 25, categories: ['gr-qc'], maxPerCategory: 32 }));
    expect(idsOf(limited.path).sort()).toEqual(
      listed('gr-qc')
        .slice(-32)
        .map((paper) => paper.id)
        .sort(),
    );
  });

  it('asks for a span of submission dates', async () => {
    const result = await fetchArxiv(options({ from: '2015-02-01', until: '2015-02-28' }));
    const expected = papers.filter((paper) => paper.published.startsWith('2015-02'));
    expect(idsOf(result.path).sort()).toEqual(expected.map((paper) => paper.id).sort());
  });

  it('takes a day without papers for what it is', async () => {
    const result = await fetchArxiv(options({ from: '1999-02-01', until: '1999-02-02' }));
    expect(result.papers).toBe(0);
  });

  it('reports a category that seems empty, and writes no file', async () => {
    const wanted = options({ categories: ['nucl-ex'] });
    await expect(fetchArxiv(wanted)).rejects.toThrow(
      /no papers of nucl-ex at all \(check its name if that persists\) after 9 attempts/,
    );
    expect(existsSync(wanted.out)).toBe(false);
  });

  it('leaves withdrawn papers out and counts them', async () => {
    server.papers = papers.map((paper, index) =>
      index === 5 ? { ...paper, abstract: 'This paper has been withdrawn by the author.' } : paper,
    );
    const result = await fetchArxiv(options());
    expect(result).toMatchObject({ papers: 89, withdrawn: 1 });
    expect(idsOf(result.path)).not.toContain(papers[5]!.id);
  });

  it('is not misled by papers that arrive in front while it reads', async () => {
    const added = makePapers(3, ['gr-qc'], 9).map((paper, index) => ({
      ...paper,
      id: `2601.0000${index}`,
      published: `2026-01-0${index + 1}T00:00:00.000Z`,
    }));
    server.onRequest = () => {
      server.papers = [...papers, ...added.slice(0, Math.max(0, server.requests.length - 1))];
    };
    const result = await fetchArxiv(options({ categories: ['gr-qc'], maxPerCategory: 1000 }));
    server.onRequest = () => {};
    const ids = idsOf(result.path);
    expect(new Set(ids).size).toBe(ids.length);
    for (const paper of listed('gr-qc')) expect(ids).toContain(paper.id);
  });

  it('takes what it fetched today from the store, asks again with refresh or tomorrow', async () => {
    const wanted = options();
    const first = await fetchArxiv(wanted);
    expect(first.requests).toBeGreaterThan(0);
    const bytes = readFileSync(wanted.out);
    expect((await fetchArxiv({ ...wanted, out: `${wanted.out}.again` })).requests).toBe(0);
    expect(readFileSync(`${wanted.out}.again`).equals(bytes)).toBe(true);
    server.papers = papers.slice(0, 80);
    expect((await fetchArxiv({ ...wanted, refresh: true })).papers).toBe(80);
    expect((await fetchArxiv(wanted)).requests).toBe(0);
    clock.time += 24 * 3600 * 1000;
    server.papers = papers;
    expect(await fetchArxiv(wanted)).toMatchObject({ papers: 90 });
    // Only the pages in use are kept.
    const folder = readdirSync(wanted.cacheFolder as string).map((name) =>
      readdirSync(`${wanted.cacheFolder}/${name}`),
    );
    expect(folder[0]?.filter((name) => /^\d+$/.test(name))).toEqual(['3']);
  });

  it('goes on with an unfinished refresh of today, but not of yesterday', async () => {
    const wanted = { ...options(), refresh: true };
    const giveUp = async (): Promise<void> => {
      const until = server.requests.length + 5;
      server.faultOf = (index) => (index >= until ? '503' : null);
      await expect(fetchArxiv(wanted)).rejects.toThrow(WorkError);
      server.faultOf = () => null;
    };
    const whole = (await fetchArxiv(options())).requests;
    await giveUp();
    expect((await fetchArxiv(wanted)).requests).toBe(whole - 5);
    await giveUp();
    clock.time += 24 * 3600 * 1000;
    expect((await fetchArxiv(wanted)).requests).toBe(whole);
  });

  it('paces redirects like any other request', async () => {
    server.now = () => clock.now();
    server.moved = true;
    const result = await fetchArxiv(options());
    server.moved = false;
    expect(result).toMatchObject({ papers: 90, requests: server.requests.length });
    for (let index = 1; index < server.requests.length; index++) {
      expect(server.requests[index]!.arrived - server.requests[index - 1]!.arrived).toBeGreaterThanOrEqual(3000);
    }
  });

  it.each([
    ['where a file is in the way', 'file/papers.jsonl', 'a part of the path is a file'],
    ['in a folder', '.', 'is a folder'],
  ])('says so before it asks, where the file cannot be written: %s', async (_, name, message) => {
    writeFileSync(place.path('file'), '');
    const failure = fetchArxiv({ ...options(), out: place.path(name) });
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toThrow(message);
    expect(server.requests).toHaveLength(0);
  });

  it('goes on with an unfinished fetch, on the next day too', async () => {
    const wanted = options();
    server.faultOf = (index) => (index >= 5 ? '503' : null);
    await expect(fetchArxiv(wanted)).rejects.toThrow(WorkError);
    expect(existsSync(wanted.out)).toBe(false);
    server.faultOf = () => null;
    clock.time += 24 * 3600 * 1000;
    const before = server.requests.length;
    const rest = await fetchArxiv(wanted);
    const whole = await fetchArxiv(options());
    expect(server.requests.length - before).toBe(rest.requests + whole.requests);
    expect(whole.requests - rest.requests).toBe(5);
    expect(readFileSync(rest.path).equals(readFileSync(whole.path))).toBe(true);
  });

  it('a page that was damaged on the disk is asked for again', async () => {
    const wanted = options();
    const { requests } = await fetchArxiv(wanted);
    const [key] = readdirSync(wanted.cacheFolder as string);
    const folder = `${wanted.cacheFolder}/${key}/1`;
    const { truncateSync, statSync } = await import('node:fs');
    const page = `${folder}/${readdirSync(folder).sort()[0]}`;
    truncateSync(page, statSync(page).size - 50);
    const again = await fetchArxiv(wanted);
    expect(requests).toBeGreaterThan(3);
    expect(again).toMatchObject({ requests: 1, papers: 90 });
  });

  it('ends at once when it is interrupted, and keeps what it has', async () => {
    const controller = new AbortController();
    server.onRequest = () => {
      if (server.requests.length === 4) controller.abort();
    };
    const wanted = options();
    await expect(fetchArxiv(wanted, { signal: controller.signal })).rejects.toMatchObject({ exitCode: 130 });
    server.onRequest = () => {};
    const result = await fetchArxiv(wanted);
    expect(result.papers).toBe(90);
    expect(server.requests.filter((request) => request.url.search === server.requests[0]!.url.search)).toHaveLength(1);
  });

  it.each([
    [{ categories: [] }, 'no category'],
    [{ categories: ['gr qc'] }, '"gr qc" is no arXiv category'],
    [{ maxPerCategory: 0 }, 'maxPerCategory = 0'],
    [{ pageSize: 5000 }, 'pageSize = 5000: expected 1 to 2000'],
    [{ from: '2024-13-01' }, 'expected a date such as'],
    [{ from: '2024-01-02', until: '2024-01-01' }, 'is after'],
    [{ baseUrl: 'arxiv' }, 'expected an address'],
    [{ baseUrl: 'https://export.arxiv.org/api/query', interval: 1 }, 'at least 3 s'],
  ] satisfies [Partial<FetchOptions>, string][])('refuses %j', async (change, message) => {
    const failure = fetchArxiv(options(change));
    await expect(failure).rejects.toThrow(UserError);
    await expect(failure).rejects.toThrow(message);
  });

  it('paces all of arXiv together, and other hosts apart', () => {
    expect(pacingFile('https://export.arxiv.org/api/query')).toBe(pacingFile('https://oaipmh.arxiv.org/oai'));
    expect(pacingFile('http://127.0.0.1:1/x')).not.toBe(pacingFile('https://export.arxiv.org/api/query'));
  });

  it('is a source of the experiment', async () => {
    const config = resolveConfig({
      input: {
        cache: place.path('cache'),
        datasets: {
          source: 'arxiv',
          minAbstractWords: 5,
          maxPerCategory: 20,
          categories: { main: ['gr-qc'], soft: ['hep-th'] },
        },
      },
    });
    const { papers: loaded, cleaning } = await loadDataset(
      config,
      {},
      { baseUrl: server.baseUrl, clock, lockFile: place.path('lock.json') },
    );
    expect(new Set(loaded.map((paper) => paper.topic))).toEqual(new Set(['gr-qc', 'hep-th']));
    expect(cleaning.kept).toBe(loaded.length);
    for (const paper of loaded) expect(paper.categories[0]).toBe(paper.topic);
  });
});

describe('harvesting by OAI-PMH', () => {
  const oai = (change: Partial<FetchOptions> = {}): FetchOptions =>
    options({ source: 'oai', baseUrl: server.oaiUrl, ...change });

  it('follows the resumption tokens through every set', async () => {
    const result = await fetchArxiv(oai());
    expect(idsOf(result.path).sort()).toEqual(papers.map((paper) => paper.id).sort());
    expect(result.deleted).toBeGreaterThan(0);
    const asked = server.requests.map((request) => request.url.searchParams);
    expect(asked.filter((query) => !query.has('resumptionToken')).map((query) => query.get('set'))).toEqual([
      'physics:gr-qc',
      'physics:hep-th',
      'cs:cs:LG',
    ]);
    for (const query of asked)
      if (query.has('resumptionToken')) expect([...query.keys()].sort()).toEqual(['resumptionToken', 'verb']);
  });

  it('stops at the limit', async () => {
    const result = await fetchArxiv(oai({ categories: ['gr-qc'], maxPerCategory: 15 }));
    expect(idsOf(result.path)).toEqual(
      listed('gr-qc')
        .slice(0, 15)
        .map((paper) => paper.id),
    );
    expect(server.requests).toHaveLength(2);
  });

  it.each(['503', 'drop', 'truncated body', '429 with Retry-After', 'HTML page'] as const)(
    'survives %s',
    async (fault) => {
      server.faultOf = (index) => (index % 2 === 0 ? fault : null);
      expect((await fetchArxiv(oai())).papers).toBe(90);
    },
  );

  it('lists a set again when its token has expired, and ends with the same file', async () => {
    const undisturbed = await fetchArxiv(oai({ categories: ['gr-qc'] }));
    const wanted = oai({ categories: ['gr-qc'] });
    server.requests.length = 0;
    server.faultOf = (index) => (index >= 2 ? '503' : null);
    await expect(fetchArxiv(wanted)).rejects.toThrow(WorkError);
    server.faultOf = () => null;
    server.oaiExpiredBefore = server.requests.length;
    const result = await fetchArxiv(wanted);
    expect(readFileSync(result.path).equals(readFileSync(undisturbed.path))).toBe(true);
  });

  it('takes a span without changes for what it is, and an empty set for a fault', async () => {
    expect((await fetchArxiv(oai({ categories: ['nucl-ex'], from: '2015-01-01' }))).papers).toBe(0);
    await expect(fetchArxiv(oai({ categories: ['nucl-ex'] }))).rejects.toThrow(/no records of a set that is not empty/);
  });
});

describe('answers that no attempt changes', () => {
  let http: Server;
  let reply: { status: number; body: string | Buffer };
  let requests = 0;
  beforeAll(async () => {
    http = createServer((_, response) => {
      requests++;
      const isZipped = reply.body instanceof Buffer && reply.body[0] === 0x1f;
      response.writeHead(reply.status, isZipped ? { 'content-encoding': 'gzip' } : {}).end(reply.body);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  });
  afterAll(
    () =>
      new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  );

  const error =
    '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#x</id><title>Error</title><summary>start must be an integer</summary></entry></feed>';
  it.each([
    ['HTTP 400 with an error entry', 400, error, 'arXiv refuses the query: start must be an integer', 2],
    ['an error entry with HTTP 200', 200, error, 'arXiv refuses the query: start must be an integer', 2],
    ['HTTP 400 with something else', 400, 'Bad Request', 'HTTP 400 for http', 2],
    ['HTTP 404', 404, 'Not Found', 'check the categories and the address', 2],
    ['HTTP 403', 403, 'Forbidden', 'refuses to answer', 1],
    ['a page of 100 MB', 200, Buffer.alloc(100e6, '<a/>'), 'over 32 MiB', 1],
    ['a page of 100 MB that comes as 100 kB', 200, gzipSync(Buffer.alloc(100e6, '<a/>')), 'over 32 MiB', 1],
    ['an entity bomb', 200, '<!DOCTYPE feed [<!ENTITY a "aa">]><feed>&a;</feed>', 'declares a document type', 1],
  ])('%s', async (_, status, body, message, exitCode) => {
    reply = { status, body };
    requests = 0;
    const memory = process.memoryUsage.rss();
    const wanted = options({ baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, timeout: 5 });
    const failure = await fetchArxiv(wanted).then(
      () => null,
      (reason: UserError) => reason,
    );
    expect(failure?.message).toContain(message);
    expect(failure?.message).not.toContain('\n');
    expect(failure?.exitCode).toBe(exitCode);
    expect(requests).toBe(1);
    expect(process.memoryUsage.rss() - memory).toBeLessThan(200e6);
    expect(existsSync(wanted.out)).toBe(false);
  });
});
