/**
 * What a reader does beyond running all cells, in a real JupyterLab and a real browser: evaluates what is not trained, makes
 * mistakes, writes cells of their own, changes the theme. Each in the light and the dark theme, on a large and a small window;
 * pictures go to test-results/.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, type LabPage, missingForLab, ROOT, startLab } from './lab.js';
import { type LabNotebooks, labNotebooks, type NotebookPage, sourceOf } from './lab-notebooks.js';
import { replaceOnce } from './small-run.js';

const missing = await missingForLab();
const PICTURES = join(ROOT, 'test-results');
const LOOKS = [
  ['light', 1440, 900],
  ['dark', 1100, 800],
  ['light', 1100, 800],
  ['dark', 1440, 900],
] as const;
const STEPS = 40;

describe.skipIf(missing !== null)(`cells of one's own in JupyterLab${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let lab: Lab;
  let notebooks: LabNotebooks;

  beforeAll(async () => {
    lab = await startLab();
  });
  afterAll(async () => {
    await lab?.stop();
  });

  describe.each(LOOKS)('%s, %i x %i', (theme, width, height) => {
    const picture = (page: LabPage, name: string, cell: number): Promise<void> =>
      page.picture(join(PICTURES, `${name}-${theme}-${width}.png`), cell);
    const open = (name: string, training?: object): Promise<NotebookPage> =>
      notebooks.open(name, { theme, size: { width, height }, ...(training ? { training } : {}) });

    beforeAll(() => {
      notebooks = labNotebooks(lab);
    });
    afterAll(() => notebooks.remove());

    it('evaluates nothing that is not trained, and says so in one line', async () => {
      const page = await open('6-evaluation');
      for (const id of ['preset', 'settings', 'work']) await page.runAndWait(id);
      expect((await page.textOf('work')).trim()).toBe(
        'UserError: nothing is trained with these settings: run notebook 5 (experiment.train(config))',
      );
      const runs = notebooks.workspace.runs;
      expect(existsSync(runs) ? readdirSync(runs).filter((name) => name !== 'settings.json') : []).toEqual([]);
      await picture(page, '6-untrained', page.indexOf('work'));
      await page.close();
    });

    it('tells settings, steps and mistakes in few words, and is busy from the first step to the last', async () => {
      const training = { maxSteps: STEPS, epochs: 20, validateEvery: 5 };
      const page = await open('5-training', training);
      await page.runAndWait('preset');
      const misspelt = replaceOnce('learningRate:', 'learnigRate:')(sourceOf('5-training', 'settings'));
      await page.writeTo('settings', misspelt);
      await page.runAndWait('settings');
      expect((await page.textOf('settings')).trim()).toMatch(
        /^UserError: unknown setting "training\.learnigRate"[^\n]*did you mean "learningRate"\?[^\n]*$/,
      );
      await picture(page, '5-mistake', page.indexOf('settings'));
      await page.writeTo('settings', sourceOf('5-training', 'settings'));
      await page.runAndWait('settings');
      const more = page.cell(page.indexOf('settings')).locator('details');
      await more.locator('summary').click();
      expect(await more.locator('tr', { hasText: 'weightDecay' }).locator('td').allTextContents()).toEqual([
        'weightDecay',
        '0.01',
        expect.any(String),
      ]);
      await picture(page, '5-more-settings', page.indexOf('settings'));

      const states = await page.watchStatus();
      await page.run(page.indexOf('work'));
      const panel = page.cell(page.indexOf('work')).locator('.js-plotly-plot');
      await panel.waitFor({ timeout: 300_000 });
      await expect.poll(() => page.textOf('work'), { timeout: 300_000 }).toMatch(/1\d of 40 steps/);
      // the sixth panel: step, loss, best validation, speed, time left
      const numbers = (await panel.textContent()) ?? '';
      for (const word of ['step', 'loss', 'best', 'tokens', 'left']) expect(numbers.toLowerCase()).toContain(word);
      await picture(page, '5-live', page.indexOf('work'));
      await page.pressStop();
      await page.done(page.indexOf('work'));
      expect(await states.idleShare()).toBeLessThan(0.05);
      expect(await page.textOf('work')).toMatch(
        /40 steps: epochs = 20 of \d+ batches would be \d+ steps, maxSteps = 40/,
      );
      expect(await page.textOf('work')).not.toContain('--');
      await page.runAndWait('result');
      expect(await page.textOf('result')).toContain('of 40, stopped: partial');
      await picture(page, '5-partial', page.indexOf('work'));
      expect(page.errors).toEqual([]);
      await page.close();
    });

    it('says that a training was stopped, and evaluates it where it is chosen', async () => {
      const page = await open('6-evaluation', { maxSteps: STEPS, epochs: 20, validateEvery: 5 });
      for (const id of ['preset', 'settings', 'work']) await page.runAndWait(id);
      const told = (await page.textOf('work')).trim();
      const [, name] =
        /^UserError: the training with these settings was stopped at step \d+ of 40: run notebook 5 .*\{ run: '([^']+)' \}$/.exec(
          told,
        ) ?? [];
      expect(name, told).toBeDefined();
      await page.writeTo(
        'work',
        `const report = await experiment.evaluate(config, { run: '${name}' });\nshowMetrics(report);`,
      );
      await page.runAndWait('work');
      expect(await page.textOf('work')).toMatch(/UNFINISHED: .* stopped at step \d+ of 40/);
      await picture(page, '6-partial', page.indexOf('work'));
      await page.runAndWait('metrics');
      await picture(page, '6-metrics', page.indexOf('metrics'));

      await page.writeTo('export', "console.log(toCsv(report, 'metrics').split('\\n').slice(0, 3).join('\\n'));");
      await page.runAndWait('export');
      expect(await page.textOf('export')).toMatch(/^system,/);
      const query = `const found = await experiment.search(config, 'black holes', 5, { run: '${name}', system: 'bm25' });
showRecords(found, { columns: ['score', 'id', 'topic', 'title', 'abstract'], caption: 'black holes' });`;
      await page.writeTo('search', query);
      await page.runAndWait('search');
      expect(await page.textOf('search')).toMatch(/bm25/i);
      expect(await page.textOf('search')).toMatch(/black holes · [1-5] rows/);
      await picture(page, '6-search', page.indexOf('search'));
      expect(page.errors).toEqual([]);
      await page.close();
    });

    it('shows records as a table that sorts, any Plotly description, and a loss of its own', async () => {
      const page = await open('1-datasets');
      for (const id of ['preset', 'settings', 'work']) await page.runAndWait(id);
      await page.writeTo('topics', 'topicTable(dataset.papers)');
      await page.runAndWait('topics');
      const table = page.cell(page.indexOf('topics')).locator('table');
      const first = (): Promise<string | null> => table.locator('tbody tr td').first().textContent();
      expect(await first()).toBe('main');
      await table.locator('th').first().click();
      expect(await first()).toBe('cross-domain');
      await picture(page, '1-table', page.indexOf('topics'));
      await page.writeTo(
        'roles',
        "show({ data: [{ x: [1, 2, 3], y: [2, 6, 3], type: 'scatter' }], layout: { title: 'mine' } });",
      );
      await page.runAndWait('roles');
      const plot = page.cell(page.indexOf('roles')).locator('.js-plotly-plot');
      await plot.locator('.gtitle', { hasText: 'mine' }).waitFor();
      await picture(page, '1-own-plot', page.indexOf('roles'));
      expect(page.errors).toEqual([]);
      await page.close();

      const training = await open('5-training');
      for (const id of ['preset', 'settings', 'own-loss']) await training.runAndWait(id);
      expect(await training.textOf('own-loss')).toMatch(/training: \d steps/);
      await picture(training, '5-own-loss', training.indexOf('own-loss'));
      expect(training.errors).toEqual([]);
      await training.close();
    });

    it('keeps plots readable when the theme changes under them', async () => {
      const page = await open('1-datasets');
      for (const id of ['preset', 'settings', 'work', 'topics', 'years']) await page.runAndWait(id);
      const plots = ['topics', 'years'].map((id) => page.cell(page.indexOf(id)).locator('.js-plotly-plot'));
      for (const other of theme === 'light' ? ['dark', 'light'] : ['light', 'dark']) {
        await page.changeTheme(other as 'light' | 'dark');
        await page.page.waitForTimeout(1000);
        for (const [i, plot] of plots.entries()) {
          await plot.scrollIntoViewIfNeeded();
          expect(await plot.locator('[data-title*="hare" i], [data-title*="Edit" i]').count()).toBe(0);
          expect(await overlap(plot)).toBeLessThanOrEqual(1);
          // light ink on dark paper, and the other way round
          const brightness = (): Promise<number> => inkOf(plot);
          if (other === 'dark') await expect.poll(brightness, { timeout: 10_000 }).toBeGreaterThan(128);
          else await expect.poll(brightness, { timeout: 10_000 }).toBeLessThan(128);
          await picture(page, `1-switched-to-${other}-${i}`, page.indexOf(i === 0 ? 'topics' : 'years'));
        }
      }
      expect(page.errors).toEqual([]);
      await page.close();
    });
  });
});

/** Brightness of a plot's title, 0 to 255. */
async function inkOf(plot: Locator): Promise<number> {
  const style = (await plot.locator('.gtitle').getAttribute('style')) ?? '';
  const [red = 0, green = 0, blue = 0] = (/fill: rgb\(([^)]*)\)/.exec(style)?.[1]?.split(',') ?? []).map(Number);
  return (red + green + blue) / 3;
}

/** Pixels by which title and subtitle of a plot lie over each other. */
async function overlap(plot: Locator): Promise<number> {
  return plot.evaluate((node) => {
    const [title, subtitle] = ['.gtitle', '.gtitle-subtitle'].map((name) =>
      node.querySelector(name)?.getBoundingClientRect(),
    );
    return title && subtitle ? title.bottom - subtitle.top : 0;
  });
}
