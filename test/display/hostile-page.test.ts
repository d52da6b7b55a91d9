/**
 * A corpus that would run code, in a real browser: report.html and the tables of notebooks show its titles, topics and
 * names as text, execute nothing, ask nobody, and link to nothing but web pages.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../lib/display/html/report.js';
import { notebookTable } from '../../lib/display/notebook/table-html.js';
import type { Report } from '../../lib/evaluation/report.js';
import { sampleReport, TOPICS } from './sample-report.js';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!CHROMIUM) console.warn('skipped: no Chromium on this machine to open hostile pages in');

const RUN = 'window.executed=(window.executed||0)+1';
const PAYLOADS = [
  `<script>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `"><img src=x onerror="${RUN}">`,
  `' onmouseover='${RUN}' autofocus onfocus='${RUN}' x='`,
  `<svg onload="${RUN}"></svg>`,
  `<a href="javascript:${RUN}">click</a>`,
  `javascript:${RUN}`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `--><!-- ]]> <style>*{display:none}</style>`,
  '\u202egnihtemos\u202c \u2066title\u2069 \u001b]52;c;QQ==\u0007 \u0000 \u2028 \ud83d',
  '{{constructor.constructor("window.executed=1")()}} $' + '{window.executed=1}',
  '&lt;script&gt;window.executed=1&lt;/script&gt;',
];

/** In the page: opens what is folded, and moves over, focuses and clicks what there is. */
const USE = `
  for (const details of document.querySelectorAll('details')) details.open = true;
  for (const element of document.querySelectorAll('body *:not(script)')) {
    for (const type of ['mouseover', 'focus', 'pointerover']) element.dispatchEvent(new Event(type));
  }
  for (const head of document.querySelectorAll('th')) head.click();`;
/** In the page: where links lead, and what else brings in foreign pages. */
const LINKS = `[...document.querySelectorAll('a, area, form, iframe, object, embed')].map((element) =>
  element.getAttribute('href') ?? element.getAttribute('xlink:href') ?? element.tagName.toLowerCase())`;

/** A report in which every title, topic, system and id is one of the payloads. */
function hostileReport(): Report {
  let next = 0;
  const payload = (): string => PAYLOADS[next++ % PAYLOADS.length] as string;
  const topics = new Map(TOPICS.map((topic) => [topic, `${payload()} ${topic}`]));
  const systems = new Map(sampleReport().systems.map(({ name }) => [name, `${payload()} ${name}`]));
  const renamed = (value: unknown, key = ''): unknown => {
    if (Array.isArray(value)) return value.map((item) => renamed(item, key));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [topics.get(k) ?? k, renamed(v, k)]));
    }
    if (typeof value !== 'string' || key === 'kind') return value;
    if (/^(title|text|reason|description|id|query|document|abstract)$/.test(key)) return `${payload()} ${value}`;
    return topics.get(value) ?? systems.get(value) ?? value;
  };
  return renamed(JSON.parse(JSON.stringify(sampleReport()))) as Report;
}

describe.skipIf(!CHROMIUM)('in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hostile-page-'));
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: CHROMIUM as string,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the page, moves over and clicks what there is, and tells what happened that should not. */
  async function open(html: string): Promise<{ page: Page; executed: unknown; requests: string[] }> {
    const file = join(folder, `${Math.random()}.html`);
    writeFileSync(file, html);
    const page = await browser.newPage();
    const requests: string[] = [];
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href && !/^(data|blob):/.test(request.url()))
        requests.push(request.url());
    });
    page.on('dialog', (dialog) => void dialog.dismiss());
    await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
    await page.evaluate(USE);
    await page.waitForTimeout(500);
    return { page, executed: await page.evaluate('window.executed'), requests };
  }

  const links = (page: Page): Promise<string[]> => page.evaluate(LINKS);

  it('report.html executes nothing of a hostile corpus', async () => {
    const { page, executed, requests } = await open(renderReport(hostileReport()));
    expect(executed).toBeUndefined();
    expect(requests).toEqual([]);
    const strange = (await links(page)).filter((href) => !/^(https?:\/\/|#|mailto:)/.test(href) && href !== 'a');
    expect(strange).toEqual([]);
    // shown as what they are
    const text = await page.evaluate<string>('document.body.innerText');
    expect(text).toContain(`<script>${RUN}</script>`);
    expect(await page.evaluate("getComputedStyle(document.querySelector('table')).display")).not.toBe('none');
  });

  it('tables of notebooks execute nothing of a hostile corpus', async () => {
    const rows = PAYLOADS.map((text, i) => [text, i, { text, sortBy: text }]);
    const table = notebookTable([...PAYLOADS.slice(0, 3)], rows, PAYLOADS[1], { sortable: true });
    const { page, executed, requests } = await open(`<!DOCTYPE html><meta charset="utf-8"><body>${table}</body>`);
    expect(executed).toBeUndefined();
    expect(requests).toEqual([]);
    expect(await links(page)).toEqual([]);
    const cells = await page.evaluate<string[]>("[...document.querySelectorAll('td')].map((cell) => cell.textContent)");
    expect(cells).toContain(`<script>${RUN}</script>`);
    expect(cells).toHaveLength(3 * PAYLOADS.length);
  });
});
