/**
 * Exported pages in Chromium: they find what `search` finds, alone and without a connection, in any folder of a server; hostile
 * papers are text; what is missing is said. The large site is that of the sample corpus and the sample encoder.
 */
import { cpSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { type ExportedModel, exportModel } from '../../lib/export/export-model.js';
import { pushModel } from '../../lib/export/push.js';
import { spread } from '../../lib/export/site/agreement.js';
import { loadEncoder } from '../../lib/pipeline/load-encoder.js';
import { openSession } from '../../lib/pipeline/session.js';
import { llmEmbedding, workFolder, writeTinyModel } from '../../test/cli/command-line.js';
import { CHROMIUM, contrast, inkAndPaper, openBrowser } from '../browser.js';
import { makePapers, snapshotLine } from '../datasets/helpers/corpus.js';
import { type StaticServer, serveFolder } from './static-server.js';

const cwd = workFolder();
const session = openSession({ runs: join(cwd, 'runs') });
let browser: Browser;
beforeAll(async () => {
  if (CHROMIUM) browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await session.close();
});

/** A page that minds only its own folder. */
async function open(url: string, options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const elsewhere: string[] = [];
  const problems: string[] = [];
  context.on('request', (request) => {
    const folder = new URL('./', url).href;
    if (!request.url().startsWith(folder) && !request.url().startsWith('data:')) elsewhere.push(request.url());
  });
  page.on('console', (message) => problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(url, { waitUntil: 'commit' });
  return { context, page, elsewhere, problems };
}

const isReady = (page: Page): Promise<unknown> => page.waitForSelector('html[data-state=ready]', { timeout: 60_000 });

/** Asks by the form: the ids in their order, and the milliseconds until they are there. */
function ask(page: Page, text: string, system: string): Promise<{ ids: string[]; milliseconds: number }> {
  const asked = JSON.stringify({ text, system });
  return page.evaluate(`new Promise((resolve) => {
    const { text, system } = ${asked};
    const list = document.getElementById('list');
    const start = performance.now();
    new MutationObserver((_, observer) => {
      observer.disconnect();
      const ids = [...list.querySelectorAll('.id')].map((one) => one.textContent);
      resolve({ ids, milliseconds: performance.now() - start });
    }).observe(list, { childList: true });
    document.querySelector('input[value=' + system + ']').checked = true;
    document.getElementById('q').value = text;
    document.getElementById('form').requestSubmit();
  })`);
}

describe.skipIf(!CHROMIUM)('the sample corpus and its encoder', () => {
  const run = join(cwd, 'sample-run');
  let made: ExportedModel;
  let server: StaticServer;
  beforeAll(async () => {
    const config = resolveConfig({
      input: {
        cache: join(cwd, 'cache'),
        batches: { pairs: 16 },
        training: { maxSteps: 2, validateEvery: null },
        encoder: { lora: { rank: 4, alpha: 8 } },
      },
    });
    await session.train(config, { folder: run, name: 'Sample' });
    made = await exportModel(session, config, { to: 'site', run });
    server = await serveFolder(made.folder, '/a/folder/');
  }, 300_000);
  afterAll(() => server?.close());

  it('is a folder of at most 15 MB that was found to agree with search', () => {
    expect(made.folder).toBe(`${run}-site`);
    const files = readdirSync(made.folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const bytes = files.map((one) => statSync(join(one.parentPath ?? one.path, one.name)).size);
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThan(15e6);
    expect(made.variants[0]).toMatchObject({ precision: 'f16', agreement: { queries: 50, same: { bm25: 50 } } });
  });

  it('finds what search finds, in the same order, soon, and asks nobody else', async () => {
    const began = performance.now();
    const { page, context, elsewhere, problems } = await open(`${server.url}?q=black+hole+mergers&system=encoder`);
    await page.waitForSelector('#list article');
    const first = performance.now() - began;
    const encoder = await loadEncoder(run);
    const waits: number[] = [];
    try {
      const { papers } = await session.dataset(resolveConfig());
      for (const { title } of spread(papers, 50)) {
        for (const system of ['encoder', 'bm25', 'hybrid'] as const) {
          const expected = (await encoder.search(title, 10, { system })).map(({ id }) => id);
          const { ids, milliseconds } = await ask(page, title, system);
          expect(ids, `${system}: ${title}`).toEqual(expected);
          waits.push(milliseconds);
        }
      }
    } finally {
      await encoder.close();
    }
    waits.sort((a, b) => a - b);
    const [median, slow] = [waits[waits.length >> 1]!, waits[Math.floor(0.95 * waits.length)]!];
    console.log(
      `first result ${first.toFixed(0)} ms; later ones ${median.toFixed(0)} ms, 95 % in ${slow.toFixed(0)} ms`,
    );
    // what an idle machine takes is in docs/export.md; this one may be busy with other tests
    expect(first).toBeLessThan(20_000);
    expect(median).toBeLessThan(1000);
    expect({ elsewhere, problems }).toEqual({ elsewhere: [], problems: [] });
    await context.close();
  }, 240_000);

  it('works without a connection after the first visit, and has loaded each file once', async () => {
    const own = await serveFolder(made.folder, '/offline/');
    const { page, context, problems } = await open(own.url);
    await page.evaluate('navigator.serviceWorker.ready');
    const kept = `caches.keys().then(([name]) => caches.open(name)).then((one) => one.keys()).then((all) => all.length)`;
    await expect.poll(() => page.evaluate(kept)).toBe(11);
    const large = own.asked.filter((path) => path.endsWith('.bin'));
    expect(new Set(large).size).toBe(large.length);
    await own.close();
    await page.goto(`${own.url}?q=neutron+stars&system=hybrid`);
    await page.waitForSelector('#list article', { timeout: 60_000 });
    expect(await page.locator('#list article').count()).toBe(10);
    expect(problems.filter((text) => !text.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
    await context.close();
  }, 120_000);

  it.each([
    [360, 'light'],
    [360, 'dark'],
    [1280, 'light'],
    [1280, 'dark'],
  ] as const)('fits %i pixels, and can be read in %s', async (width, colorScheme) => {
    const { page, context } = await open(server.url, { viewport: { width, height: 800 }, colorScheme });
    await isReady(page);
    const seen = 'h1, h2, h2 a, p, mark, label, input, select, button, fieldset span, summary, b, time, .tag, dt, dd';
    for (const query of ['', 'gravitational waves']) {
      if (query !== '') await ask(page, query, 'hybrid');
      await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      const pairs = await inkAndPaper(page, seen);
      expect(pairs.length).toBeGreaterThan(20);
      for (const [ink, paper] of pairs) expect(contrast(ink, paper), `${ink} on ${paper}`).toBeGreaterThanOrEqual(4.5);
    }
    if (process.env.SCREENSHOTS) {
      await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = false; scrollTo(0, 0)`);
      await page.screenshot({ path: join(process.env.SCREENSHOTS, `site-${width}-${colorScheme}.png`) });
    }
    await context.close();
  });

  it('is used by keyboard, keeps theme and address, and names what it has', async () => {
    const { page, context } = await open(server.url, { colorScheme: 'light' });
    await isReady(page);
    await page.locator('#q:focus').waitFor();
    await page.keyboard.type('waves of gravity');
    await page.waitForSelector('#list article');
    expect(page.url()).toContain('?q=waves+of+gravity');
    expect(await page.getByRole('status').textContent()).toMatch(
      /^The first 10 by .* among 2,470 papers, in \d+ ms\.$/,
    );
    const focused = (): Promise<string> =>
      page.evaluate(`document.activeElement.id || document.activeElement.querySelector('h2')?.id`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('j');
    expect(await focused()).toBe('title-1');
    const whole = page.getByRole('button', { name: 'Whole abstract' }).nth(1);
    await page.keyboard.press('Enter');
    expect(await page.getByRole('button', { name: 'Excerpt' }).getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('Escape');
    expect(await focused()).toBe('q');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('/');
    expect(await focused()).toBe('q');
    expect(await whole.count()).toBe(1);
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.locator('#list article').nth(19).waitFor();
    await page.getByRole('combobox', { name: 'Topic' }).selectOption('q-bio');
    await expect
      .poll(async () => new Set(await page.locator('#list .tag').allTextContents()))
      .toEqual(new Set(['q-bio']));
    expect(page.url()).toContain('topic=q-bio');
    await page.goBack();
    expect(await page.getByRole('combobox', { name: 'Topic' }).inputValue()).toBe('');
    await page.getByRole('radio', { name: 'Words' }).check({ force: true });
    await page.getByRole('searchbox', { name: 'Search 2,470 abstracts' }).fill('zzzz qqqq');
    await page.getByText('No paper has these words').waitFor();
    const theme = page.getByRole('button', { name: 'Theme' });
    await theme.click();
    await theme.click();
    await page.reload();
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(13, 17, 23)');
    await context.close();
  }, 120_000);

  it('says what is missing', async () => {
    const broken = join(cwd, 'broken');
    cpSync(made.folder, broken, { recursive: true });
    const version = readdirSync(broken).find((name) => /^[0-9a-f]{12}$/.test(name))!;
    rmSync(join(broken, version, 'model.bin'));
    const half = await serveFolder(broken);
    const words = await open(`${half.url}?q=neutron+stars&system=encoder`);
    await words.page.waitForSelector('#list article', { timeout: 60_000 });
    expect(await words.page.locator('.notice', { hasText: 'does not run' }).textContent()).toContain(
      'model.bin could not be loaded (404)',
    );
    expect(await words.page.getByRole('radio', { name: 'Words' }).isChecked()).toBe(true);
    await words.context.close();
    writeFileSync(join(broken, version, 'papers.bin'), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]));
    const none = await open(half.url);
    await none.page.getByRole('alert').getByText('papers.bin is damaged').waitFor({ timeout: 60_000 });
    expect(await none.page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true);
    await none.context.close();
    await half.close();
    const file = await open(`file://${join(made.folder, 'index.html')}`);
    await file.page.getByText('Open this folder through a web server').waitFor();
    await file.context.close();
  }, 120_000);

  it('is not pushed to a place for models', async () => {
    await expect(pushModel(session, resolveConfig(), { id: 'a/b', exported: made.folder })).rejects.toThrow(
      'a site is no model, and holds papers',
    );
  });
});

describe.skipIf(!CHROMIUM)('hostile papers', () => {
  it('are text, and links lead to arXiv alone', async () => {
    const attack = `"><img src=x onerror="window.executed=1"><script>window.executed=1</script> javascript:alert(1)`;
    await writeTinyModel(join(cwd, 'tiny'));
    const papers = makePapers(24, ['gr-qc', 'cs.LG']).map((paper, i) => ({
      ...paper,
      title: `${attack} ${i}`,
      abstract: `${attack} ${paper.abstract}`,
    }));
    writeFileSync(join(cwd, 'hostile.jsonl'), papers.map(snapshotLine).join('\n'));
    const settings = [
      ...['tokens.maxAbstractTokens=128', 'tokens.maxTitleTokens=128'],
      'datasets.minAbstractWords=5',
      'datasets.source="hostile.jsonl"',
      `cache=${JSON.stringify(join(cwd, 'cache'))}`,
    ];
    const args = ['export', 'tiny', '--to', 'site', '--out', 'hostile'];
    const { code, stderr, stdout } = await llmEmbedding([...args, ...settings.flatMap((one) => ['--set', one])], {
      cwd,
    });
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^tiny as site in .*hostile/);
    const server = await serveFolder(join(cwd, 'hostile'));
    const { page, context, elsewhere, problems } = await open(server.url);
    await isReady(page);
    for (const system of ['encoder', 'bm25', 'hybrid']) {
      const { ids } = await ask(page, attack, system);
      expect(ids.length).toBeGreaterThan(0);
    }
    expect(await page.evaluate('window.executed')).toBeUndefined();
    expect(await page.locator('#list img, #list script').count()).toBe(0);
    expect(await page.locator('#list h2').first().textContent()).toContain(attack);
    const links = await page.locator('#list a').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(link).toMatch(/^https:\/\/arxiv\.org\/abs\/[\w./-]+$/);
    expect({ elsewhere, problems }).toEqual({ elsewhere: [], problems: [] });
    await context.close();
    await server.close();
  }, 120_000);
});
