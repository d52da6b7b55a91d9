/** `/search` finds what the command finds, as JSON and as a page, and the page is safe to open in a browser. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderSearchPage, SEARCH_PAGE_POLICY } from '../../lib/server/search-page.js';
import type { RunningServer } from '../../lib/server/serve.js';
import { jsonOf, llmEmbedding, workFolder } from '../../test/cli/command-line.js';
import { type ExampleRun, makeExampleRun } from '../../test/examples/example-run.js';
import { CHROMIUM, contrast, inkAndPaper, openBrowser } from '../browser.js';
import { get, searchable, serveForTest } from './serving.js';

const cwd = workFolder();
let run: ExampleRun;
let server: RunningServer;
beforeAll(async () => {
  run = await makeExampleRun(cwd);
  server = await serveForTest(run.folder);
  await searchable(server.url);
}, 120_000);
afterAll(() => server?.stop());

const HTML = { accept: 'text/html,application/xhtml+xml' };

describe('as JSON', () => {
  it.each(['tuned', 'bm25', 'hybrid'])('finds with %s what the command finds', async (system) => {
    const query = run.papers[5]!.title;
    const args = ['search', run.folder, query, '--system', system, '--corpus', 'all', '--k', '4', '--json'];
    const expected = jsonOf<{ found: unknown[] }>(await llmEmbedding(args, { cwd }));
    const { status, body } = await get(server.url, `/search?${new URLSearchParams({ q: query, k: '4', system })}`);
    expect(status).toBe(200);
    expect(body).toEqual({ query, system, found: expected.found });
  });

  it('takes ten by the encoder where nothing is said and nothing was evaluated', async () => {
    const { body } = await get(server.url, '/search?q=waves');
    expect(body).toMatchObject({ query: 'waves', system: 'tuned' });
    expect(body.found).toHaveLength(10);
  });

  it.each([
    ['/search', 'the query is empty'],
    ['/search?q=%20', 'the query is empty'],
    [`/search?q=${'x'.repeat(2001)}`, 'q has 2,001 characters: expected at most 2000'],
    ['/search?q=x&k=0', 'k: expected a whole number from 1 to 100'],
    ['/search?q=x&k=1e9', 'k: expected a whole number from 1 to 100'],
    ['/search?q=x&system=untuned', 'system: expected tuned, bm25 or hybrid'],
    ['/search?q=x&system=toString', 'system: expected tuned, bm25 or hybrid'],
  ])('refuses %.30s', async (path, message) => {
    const { status, body } = await get(server.url, path);
    expect(body.error.message).toBe(
      message === 'the query is empty' ? `${message}: expected a few words to search for` : message,
    );
    expect(status).toBe(400);
  });
});

describe('as a page', () => {
  it('is a form first, then a list, with its own policy', async () => {
    const first = await get(server.url, '/search', HTML);
    expect(first.status).toBe(200);
    expect(first.headers.get('content-security-policy')).toBe(SEARCH_PAGE_POLICY);
    expect(first.body).not.toContain('<ol>');
    const { body } = await get(
      server.url,
      `/search?${new URLSearchParams({ q: run.papers[5]!.title, system: 'bm25', k: '3' })}`,
      HTML,
    );
    expect(body.match(/<li>/g)?.length).toBeLessThanOrEqual(3);
    expect(body).toContain(`value="${run.papers[5]!.title}"`);
    expect((await get(server.url, '/', HTML)).headers.get('location')).toBe('/search');
    const wrong = await get(server.url, '/search?q=waves&k=no', HTML);
    expect(wrong.status).toBe(400);
    expect(wrong.body).toContain('role="alert"');
  });
});

describe.skipIf(!CHROMIUM)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  /** A page, and the requests that it makes elsewhere. */
  async function open(url: string): Promise<{ page: Page; elsewhere: string[]; problems: string[] }> {
    const page = await browser.newPage();
    const elsewhere: string[] = [];
    const problems: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
    });
    page.on('console', (message) => problems.push(message.text()));
    await page.goto(url, { waitUntil: 'load' });
    return { page, elsewhere, problems };
  }

  it('searches by keyboard, labels what it has, and asks nobody else', async () => {
    const { page, elsewhere, problems } = await open(server.url);
    // the field has the focus, a moment after the page is there
    await page.locator('#q:focus').waitFor();
    await page.keyboard.type(run.papers[5]!.title);
    await page.keyboard.press('Enter');
    await page.waitForSelector('ol li');
    expect(await page.getByRole('searchbox', { name: 'Search abstracts' }).inputValue()).toBe(run.papers[5]!.title);
    expect(await page.getByRole('listitem').count()).toBe(10);
    await page.getByRole('combobox', { name: 'Searched by' }).selectOption('bm25');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.waitForURL(/system=bm25/);
    expect(await page.getByRole('status').textContent()).toMatch(/by BM25 in \d/);
    expect(await page.getByRole('heading', { level: 2 }).first().textContent()).not.toBe('');
    expect({ elsewhere, problems }).toEqual({ elsewhere: [], problems: [] });
    await page.close();
  });

  it('shows a hostile paper and query as the text they are', async () => {
    const attack = `"><script>window.executed=1</script><img src="https://example.org/x" onerror="window.executed=1">'`;
    const paper = {
      id: `javascript:${attack}`,
      title: attack,
      topic: attack,
      abstract: `${attack} `.repeat(9),
      score: 1,
      system: 'bm25',
    };
    const html = renderSearchPage({
      model: attack,
      papers: 1,
      query: attack,
      system: 'bm25',
      k: 7,
      found: [paper],
      seconds: 1,
    });
    mkdirSync(join(cwd, 'pages'), { recursive: true });
    writeFileSync(join(cwd, 'pages/hostile.html'), html);
    const page = await browser.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    // without the policy of the server: the page itself must be safe
    await page.goto(`file://${join(cwd, 'pages/hostile.html')}`, { waitUntil: 'load' });
    expect(await page.evaluate('window.executed')).toBeUndefined();
    expect(requests.filter((url) => url.startsWith('http'))).toEqual([]);
    expect(await page.getByRole('searchbox').inputValue()).toBe(attack);
    expect(await page.getByRole('heading', { level: 2 }).textContent()).toBe(attack);
    expect(await page.locator('script, img, a').count()).toBe(0);
    await page.close();
    const served = await open(`${server.url}/search?q=${encodeURIComponent(attack)}`);
    expect(await served.page.evaluate('window.executed')).toBeUndefined();
    expect(served.elsewhere).toEqual([]);
    await served.page.close();
  });

  it.each([
    [360, 'light'],
    [360, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const)('fits %i pixels, and can be read in %s', async (width, colorScheme) => {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    await page.goto(`${server.url}/search?q=waves`, { waitUntil: 'load' });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    const pairs = await inkAndPaper(page, 'h1, h2 a, h2, p, label, input, select, button, .soft, summary');
    expect(pairs.length).toBeGreaterThan(10);
    for (const [ink, paper] of pairs) expect(contrast(ink, paper), `${ink} on ${paper}`).toBeGreaterThanOrEqual(4.5);
    await page.close();
  });
});
