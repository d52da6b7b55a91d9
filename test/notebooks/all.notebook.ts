/** All six notebooks: one after the other on one cache, and each alone on none. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CellResult } from './kernel.js';
import { newWorkspace, openNotebook, plotOf, smallPreset, textOf, type Workspace } from './small-run.js';

const NAMES = ['1-datasets', '2-tokens', '3-batches', '4-encoder', '5-training', '6-evaluation'] as const;
type Name = (typeof NAMES)[number];

/** What each notebook must have shown, wherever its inputs came from. */
const CHECKS: Record<Name, (results: Map<string, CellResult>) => void> = {
  '1-datasets'(results) {
    expect(textOf(results.get('preset')!)).toMatch(/in force +sample/);
    expect(textOf(results.get('settings')!)).toMatch(/maxPerCategory +40/);
    expect(textOf(results.get('work')!)).toMatch(/main +gr-qc +40/);
    const topics = plotOf(results, 'topics');
    expect(topics.data.flatMap(({ y }) => y)).toHaveLength(9);
    expect(topics.data.flatMap(({ x }) => x)).toEqual(Array(9).fill(40));
    expect(plotOf(results, 'roles').data[0]?.y).toEqual(['main', 'soft', 'hard', 'cross-domain', 'different']);
    const years = plotOf(results, 'years');
    const papers = years.data.flatMap(({ y = [] }) => y as number[]);
    expect(papers.reduce((sum, count) => sum + count, 0)).toBe(360);
    expect(textOf(results.get('sample')!)).toMatch(/gr-qc \(main\)/);
    expect(textOf(results.get('cleaning')!)).toMatch(/kept +360 +kept/);
  },
  '2-tokens'(results) {
    expect(textOf(results.get('work')!)).toMatch(/all +360/);
    const histogram = plotOf(results, 'histogram');
    const counted = histogram.data.flatMap(({ y = [] }) => y as number[]).reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(360);
    for (const curve of plotOf(results, 'distribution').data) expect(curve.y?.at(-1)).toBe(1);
    expect(textOf(results.get('truncation')!)).toMatch(/\d+ +\d+\.\d %/);
    expect(textOf(results.get('padding')!)).toMatch(/random order/);
    expect(textOf(results.get('proposal')!)).toMatch(/tokens\.maxAbstractTokens +\d+ +\d+ +cuts/);
    expect(textOf(results.get('pieces')!)).toMatch(/\S+\(\d+\) .*\d+ tokens/s);
  },
  '3-batches'(results) {
    const plan = plotOf(results, 'work');
    const pairs = plan.data.flatMap(({ y = [] }) => y as number[]).reduce((sum, count) => sum + count, 0);
    expect(pairs).toBeGreaterThan(200);
    const [target, actual] = plotOf(results, 'composition').data;
    for (const bars of [target, actual]) {
      expect((bars!.y as number[]).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    }
    expect(textOf(results.get('padding')!)).toMatch(/of that, padding +\d+\.\d %/);
    const batch = textOf(results.get('batch')!);
    for (const role of ['main', 'soft', 'hard', 'cross-domain', 'different'])
      expect(batch).toMatch(new RegExp(`^${role} `, 'm'));
  },
  '4-encoder'(results) {
    expect(textOf(results.get('work')!)).toMatch(/of these trainable +[\d,]+ \(\d\.\d %\)/);
    expect(textOf(results.get('lora')!)).toMatch(/layers\.\*\.self_attn\.q_proj/);
    const mask = plotOf(results, 'mask').data[0]?.z as number[][];
    expect(mask).toHaveLength(19);
    // padding is looked at by nobody, every token looks at itself
    for (const [i, row] of mask.slice(0, 16).entries()) {
      expect(row.slice(16)).toEqual([0, 0, 0]);
      expect(row[i]).toBe(1);
    }
    const weights = plotOf(results, 'pooling').data[0]?.y as number[];
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    const cosines = plotOf(results, 'similarity').data[0]?.z as number[][];
    for (const value of cosines.flat()) expect(Math.abs(value)).toBeLessThanOrEqual(1.0001);
  },
  '5-training'(results) {
    const plot = plotOf(results, 'work');
    expect(plot.data[0]?.x).toEqual([1, 2, 3, 4]);
    expect(textOf(results.get('work')!)).toMatch(
      /^4 steps: epochs = 4 of \d+ batches would be \d+ steps, maxSteps = 4/m,
    );
    expect(textOf(results.get('result')!)).toMatch(/steps +4\n/);
    expect(plotOf(results, 'own-loss').data[0]?.x).toHaveLength(8);
    const folder = textOf(results.get('folder')!).trim();
    expect(existsSync(join(folder, 'adapter/adapter_model.safetensors'))).toBe(true);
    expect(readdirSync(join(folder, 'tensorboard')).length).toBe(1);
  },
  '6-evaluation'(results) {
    const table = textOf(results.get('work')!);
    expect(table).toMatch(/MRR@10 +\.\d{3} \[\.\d{3}, [\d.]+\]/);
    for (const system of ['untuned', 'tuned', 'bm25', 'hybrid']) expect(table).toContain(system);
    const curves = plotOf(results, 'recall');
    expect(curves.data).toHaveLength(4);
    for (const { y } of curves.data) expect(y).toEqual([...(y as number[])].sort((a, b) => a - b));
    plotOf(results, 'metrics');
    plotOf(results, 'differences');
    plotOf(results, 'confusion');
    plotOf(results, 'similarity');
    expect(plotOf(results, 'own-plot').data[0]?.x?.length).toBeGreaterThan(5);
    expect(textOf(results.get('export')!)).toMatch(/^a,b,metric,difference,low,high,p\r?\n/);
    expect(textOf(results.get('comparisons')!)).toContain('tuned − untuned');
    expect(textOf(results.get('examples')!)).toMatch(/hits[\s\S]*misses/);
    expect(textOf(results.get('search')!).trim().split('\n')).toHaveLength(1 + 2 + 10);
  },
};

describe('in order, on one cache', () => {
  let workspace: Workspace;
  beforeAll(() => {
    workspace = newWorkspace();
  });
  afterAll(() => workspace.remove());

  it.each(NAMES)('%s runs from top to bottom', async (name) => {
    const notebook = await openNotebook(name, smallPreset(workspace));
    try {
      const results = await notebook.runAll();
      CHECKS[name](results);
      // what an earlier notebook left is not made again
      if (name !== '2-tokens') expect(allText(results)).not.toContain('tokenizing');
      if (name === '6-evaluation') expect(allText(results)).not.toContain('training:');
    } finally {
      await notebook.close();
    }
    // one entry of each kind, however many notebooks asked for it
    expect(readdirSync(join(workspace.cache, 'datasets'))).toHaveLength(1);
    if (name !== '1-datasets') expect(readdirSync(join(workspace.cache, 'tokens'))).toHaveLength(1);
  });
});

// the evaluation never trains: again.notebook.ts has what it says instead
describe.each(NAMES.slice(0, 5))('%s alone, on a clean cache,', (name) => {
  it('makes what it needs', async () => {
    const workspace = newWorkspace();
    const notebook = await openNotebook(name, smallPreset(workspace));
    try {
      CHECKS[name](await notebook.runAll());
    } finally {
      await notebook.close();
      workspace.remove();
    }
  });
});

function allText(results: Map<string, CellResult>): string {
  return [...results.values()].map((result) => textOf(result)).join('\n');
}
