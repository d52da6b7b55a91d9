/**
 * The pictures of the README: the sample preset in JupyterLab. They are only taken where README_PICTURES is set, since
 * they train for a while and replace committed files:
 *
 *   README_PICTURES=1 npm run test:notebooks readme-pictures
 */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { type Lab, type LabPage, missingForLab, ROOT, startLab } from './lab.js';
import { codeCells, readNotebook } from './notebook-file.js';

const wanted = process.env.README_PICTURES !== undefined && (await missingForLab()) === null;
const IMAGES = join(ROOT, 'docs/images');
/** JupyterLab saves what it shows: copies keep outputs out of the committed notebooks. */
const COPIES = 'test-results/pictures';
/** Share of the steps after which the live plot is taken. */
const TRAINED = 0.8;
/** Milliseconds for the training of the preset, on a machine that does other things too. */
const PATIENCE = 900_000;

describe.skipIf(!wanted)('the pictures of the README', { timeout: 2 * PATIENCE }, () => {
  let lab: Lab;
  beforeAll(async () => {
    mkdirSync(join(ROOT, COPIES), { recursive: true });
    lab = await startLab();
  });
  afterAll(async () => {
    await lab?.stop();
    rmSync(join(ROOT, COPIES), { recursive: true, force: true });
  });

  const indexOf = (name: string, id: string): number =>
    codeCells(readNotebook(`${name}.ipynb`)).findIndex((cell) => cell.id === id);

  async function openAndRun(name: string, until: string): Promise<LabPage> {
    copyFileSync(join(ROOT, `notebooks/${name}.ipynb`), join(ROOT, COPIES, `${name}.ipynb`));
    const page = await lab.open(`${COPIES}/${name}.ipynb`);
    await page.ready();
    await page.page.keyboard.press('Control+b'); // hides the side bar
    await page.runAll();
    await page.done(indexOf(name, until), PATIENCE);
    return page;
  }

  it('token lengths', async () => {
    const page = await openAndRun('2-tokens', 'distribution');
    await page.picture(join(IMAGES, 'token-lengths.png'), indexOf('2-tokens', 'histogram'));
    await page.close();
  });

  it('live training', async () => {
    const name = '5-training';
    const page = await openAndRun(name, 'settings');
    const work = indexOf(name, 'work');
    for (;;) {
      const [, step, total] = /(\d+) of (\d+) steps/.exec(await page.text(work)) ?? [];
      if (total && Number(step) >= TRAINED * Number(total)) break;
      if (/trained before/.test(await page.text(work))) throw new Error('delete checkpoints/notebooks first');
      await page.page.waitForTimeout(200);
    }
    await page.picture(join(IMAGES, 'training.png'), work);
    await page.done(work, PATIENCE);
    await page.close();
  });

  it('evaluation', async () => {
    const page = await openAndRun('6-evaluation', 'recall');
    await page.picture(join(IMAGES, 'evaluation.png'), indexOf('6-evaluation', 'work'));
    await page.close();
  });
});
