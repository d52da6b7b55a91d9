/** Notebooks run by the real kernel on a small configuration, in folders of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { kernelspec } from '../../scripts/notebook/kernelspec.js';
import { type CellResult, type Kernel, type Output, startKernel } from './kernel.js';
import { codeCells, NOTEBOOKS, readNotebook } from './notebook-file.js';

export const PLOT = 'application/vnd.plotly.v1+json';

/** Where caches and runs of a test go. */
export interface Workspace {
  folder: string;
  cache: string;
  runs: string;
  remove(): void;
}

export function newWorkspace(): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'llm-embedding-notebooks-'));
  return {
    folder,
    cache: join(folder, 'cache'),
    runs: join(folder, 'runs'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type Edits = Record<string, (source: string) => string>;

/** The sample preset on few papers with few steps, written into the preset cell as a reader would. */
export function smallPreset({ cache, runs }: Workspace, training: object = { maxSteps: 4, validateEvery: 2 }): Edits {
  const settings = { cache, datasets: { maxPerCategory: 40 }, batches: { pairs: 32 }, training };
  const options = JSON.stringify({ settings, folder: runs });
  return { preset: replaceOnce("openExperiment('sample')", `openExperiment('sample', ${options})`) };
}

/** An edit of a cell that must find what it replaces. */
export function replaceOnce(old: string, now: string): (source: string) => string {
  return (source) => {
    expect(source).toContain(old);
    return source.replace(old, () => now);
  };
}

export interface OpenNotebook {
  kernel: Kernel;
  /** Runs a cell as it is, or as a reader changed it. */
  run(id: string, edit?: (source: string) => string, onOutput?: (outputs: Output[]) => void): Promise<CellResult>;
  /** Runs all cells and expects each to end well. */
  runAll(): Promise<Map<string, CellResult>>;
  close(): Promise<void>;
}

/** @param name such as "5-training" */
export async function openNotebook(name: string, edits: Edits): Promise<OpenNotebook> {
  const cells = codeCells(readNotebook(`${name}.ipynb`), edits);
  const kernel = await startKernel(kernelspec(), NOTEBOOKS);
  const run: OpenNotebook['run'] = async (id, edit = (source) => source, onOutput) => {
    const cell = cells.find((of) => of.id === id);
    if (!cell) throw new Error(`${name} has no cell ${id}`);
    return kernel.execute(edit(cell.source), onOutput);
  };
  return {
    kernel,
    run,
    async runAll() {
      const results = new Map<string, CellResult>();
      for (const { id } of cells) {
        const result = await run(id);
        expect(textOf(result, 'stderr'), `${name}, ${id}`).toBe('');
        expect(result.status, `${name}, ${id}`).toBe('ok');
        results.set(id, result);
      }
      return results;
    },
    close: () => kernel.stop(),
  };
}

/** Printed text, or all the text that a reader sees. */
export function textOf({ outputs }: CellResult, of?: 'stdout' | 'stderr'): string {
  return outputs
    .map((output) => {
      if (output.type === 'stream') return of === undefined || output.name === of ? output.text : '';
      // what is displayed is a block of its own
      return of === undefined ? `${String(output.data['text/plain']).trimEnd()}\n` : '';
    })
    .join('');
}

interface PlotData {
  data: { type: string; x?: unknown[]; y?: unknown[]; z?: unknown[][] }[];
  layout: { title: { text: string } };
}

/** The plots of a cell; each must hold data, and come as a picture too. */
export function plotsOf({ outputs }: CellResult): PlotData[] {
  return outputs.flatMap((output) => {
    if (output.type !== 'display' || !(PLOT in output.data)) return [];
    const plot = output.data[PLOT] as PlotData;
    const points = plot.data.flatMap(({ x = [], z = [] }) => [...x, ...z.flat()]);
    expect(points.length, plot.layout.title.text).toBeGreaterThan(0);
    const png = Buffer.from(String(output.data['image/png']), 'base64');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    return [plot];
  });
}

/** The one plot of a cell. */
export function plotOf(results: Map<string, CellResult>, id: string): PlotData {
  const plots = plotsOf(results.get(id)!);
  expect(plots, id).toHaveLength(1);
  return plots[0]!;
}
