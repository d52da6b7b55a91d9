/** The notebooks in a real JupyterLab and a real browser, as a reader uses them. Pictures go to test-results/. */
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lab, type LabPage, missingForLab, ROOT, startLab, type Theme } from './lab.js';
import { indexOf, type LabNotebooks, labNotebooks, type NotebookPage, sourceOf } from './lab-notebooks.js';
import { codeCells, readNotebook } from './notebook-file.js';
import { replaceOnce } from './small-run.js';

const missing = await missingForLab();
const PICTURES = join(ROOT, 'test-results');

describe.skipIf(missing !== null)(`in JupyterLab${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let lab: Lab;
  let notebooks: LabNotebooks;

  beforeAll(async () => {
    lab = await startLab();
    notebooks = labNotebooks(lab);
  });
  afterAll(async () => {
    await lab?.stop();
    notebooks?.remove();
  });

  const open = (name: string, training?: object, theme: Theme = 'light'): Promise<NotebookPage> =>
    notebooks.open(name, { theme, ...(training ? { training } : {}) });

  it('opens with the kernel selected and no question', async () => {
    const { page: window, close } = await open('1-datasets');
    await window.waitForTimeout(1500);
    expect(await window.locator('.jp-Dialog').count()).toBe(0);
    expect(await window.locator('.jp-toast, .Toastify__toast').count()).toBe(0);
    await close();
  });

  it.each(['1-datasets', '2-tokens', '3-batches', '4-encoder'])('shows all of %s in the dark theme', async (name) => {
    const shown = await open(name, undefined, 'dark');
    const states = await shown.watchStatus();
    await shown.runAll();
    const last = codeCells(readNotebook(`${name}.ipynb`)).length - 1;
    await shown.done(last, 240_000);
    // between the first cell and the last the kernel is busy, whatever the page asks beside
    expect(await states.idleShare()).toBeLessThan(0.05);
    await expectNothingWide(shown, last);
    for (let i = 0; i <= last; i++) await shown.picture(join(PICTURES, `${name}-dark-${i}.png`), i);
    await shown.page.setViewportSize({ width: 1100, height: 800 });
    await expectNothingWide(shown, last);
    await shown.picture(join(PICTURES, `${name}-dark-narrow.png`), last);
    expect(shown.errors).toEqual([]);
    await shown.close();
  });

  it('trains with a live plot, stops at the button, and goes on', async () => {
    const name = '5-training';
    const training = { maxSteps: 60, epochs: 20, validateEvery: 5 };
    const lab5 = await open(name, training);
    const work = indexOf(name, 'work');
    for (const id of ['preset', 'settings']) {
      await lab5.run(indexOf(name, id));
      await lab5.done(indexOf(name, id));
    }
    await lab5.run(work);
    const plot = lab5.cell(work).locator('.js-plotly-plot');
    await plot.waitFor({ timeout: 300_000 });
    await plot.evaluate((node) => node.setAttribute('data-first', 'yes'));
    const early = await points(plot);
    await expect.poll(() => points(plot), { timeout: 300_000 }).toBeGreaterThan(early + 5);
    // the same node all the time, with what the reader zoomed to
    const range = (): Promise<number[]> => plot.evaluate((node) => (node as unknown as PlotlyNode).layout.xaxis.range);
    const whole = await range();
    await dragAcross(lab5, plot.locator('.nsewdrag').first());
    const chosen = await range();
    expect(chosen[1]! - chosen[0]!).toBeLessThan(0.6 * (whole[1]! - whole[0]!));
    const zoomed = await points(plot);
    await expect.poll(() => points(plot), { timeout: 300_000 }).toBeGreaterThan(zoomed);
    expect(await plot.getAttribute('data-first')).toBe('yes');
    expect(await range()).toEqual(chosen);
    await lab5.picture(join(PICTURES, '5-training-live.png'), work);

    const pressed = performance.now();
    await lab5.pressStop();
    await lab5.done(work);
    expect((performance.now() - pressed) / 1000).toBeLessThan(5);
    const [, step] = /stopped after step (\d+) of 60/.exec(await lab5.text(work)) ?? [];
    expect(Number(step)).toBeGreaterThan(5);
    const result = indexOf(name, 'result');
    await lab5.run(result);
    await lab5.done(result);
    expect(await lab5.text(result)).toContain(`${step} of 60, stopped: partial`);
    await lab5.picture(join(PICTURES, '5-training-stopped.png'), work);

    await lab5.run(work);
    await expect
      .poll(() => lab5.text(work), { timeout: 60_000 })
      .toContain(`resuming at step ${Number(step) + 1} of 60`);
    await lab5.done(work, 240_000);
    expect(await points(lab5.cell(work).locator('.js-plotly-plot'))).toBe(60);
    expect(lab5.errors).toEqual([]);
    await lab5.picture(join(PICTURES, '5-training.png'), work);
    await lab5.close();
  });

  it('evaluates, and again with other settings, encoding nothing', async () => {
    const trained = await open('5-training');
    for (const id of ['preset', 'settings', 'work']) await trained.runAndWait(id);
    await trained.close();
    const name = '6-evaluation';
    const lab6 = await open(name, undefined, 'dark');
    const work = indexOf(name, 'work');
    await lab6.runAll();
    const last = codeCells(readNotebook(`${name}.ipynb`)).length - 1;
    await lab6.done(last, 480_000);
    expect(await lab6.text(work)).toContain('MRR@10');
    await lab6.picture(join(PICTURES, '6-evaluation-dark.png'), work);
    await lab6.picture(join(PICTURES, '6-search-dark.png'), last);

    const settings = indexOf(name, 'settings');
    const edit = replaceOnce('k = 10', 'k = 5');
    await lab6.write(settings, edit(sourceOf(name, 'settings')));
    for (const index of [settings, work]) {
      await lab6.run(index);
      await lab6.done(index);
    }
    const again = await lab6.text(work);
    expect(again).toContain('MRR@5');
    expect(again).not.toMatch(/encoding|training:/);
    await expectNothingWide(lab6, last);
    expect(lab6.errors).toEqual([]);
    await lab6.close();
  });
});

interface PlotlyNode {
  data: { x: unknown[] }[];
  layout: { xaxis: { range: number[] } };
}

/** Draws a box over the middle of a plot, which zooms into it. */
async function dragAcross({ page }: LabPage, area: Locator): Promise<void> {
  await area.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await area.boundingBox())!;
  await page.mouse.move(x + 0.2 * width, y + 0.2 * height);
  await page.mouse.down();
  await page.mouse.move(x + 0.4 * width, y + 0.6 * height, { steps: 5 });
  await page.mouse.move(x + 0.6 * width, y + 0.9 * height, { steps: 5 });
  await page.mouse.up();
  await page.waitForTimeout(300);
}

/** Nothing wider than its cell, no description of a plot shown as text. */
async function expectNothingWide(page: LabPage, last: number): Promise<void> {
  for (let i = 0; i <= last; i++) {
    const overflow = await page.cell(i).evaluate((node) => node.scrollWidth - node.clientWidth);
    expect(overflow, `cell ${i}`).toBeLessThanOrEqual(1);
    expect(await page.text(i)).not.toContain('"layout"');
  }
}

/** Points of the first curve of a plot. */
async function points(plot: Locator): Promise<number> {
  return plot.evaluate((node) => (node as unknown as PlotlyNode).data?.[0]?.x.length ?? 0);
}
