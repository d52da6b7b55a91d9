import { createRequire } from 'node:module';
import { table } from 'arquero';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../lib/core/errors.js';
import type { Figure } from '../../lib/display/figure.js';
import { recallCurvesFigure } from '../../lib/display/figures/recall-curves.js';
import { interruptible } from '../../lib/display/notebook/interruptible.js';
import { alreadyShown, shownAs, showValuesOfCells } from '../../lib/display/notebook/last-expression.js';
import { liveTraining } from '../../lib/display/notebook/live-training.js';
import { display, inNotebook, Output } from '../../lib/display/notebook/output.js';
import { figurePng } from '../../lib/display/notebook/picture.js';
import { notebookReporting, withProgress } from '../../lib/display/notebook/progress.js';
import { liveFigure, show } from '../../lib/display/notebook/show-figure.js';
import { showPaper } from '../../lib/display/notebook/show-paper.js';
import { showComparisons, showExamples, showMetrics } from '../../lib/display/notebook/show-report.js';
import { showRecords, showTable } from '../../lib/display/notebook/show-table.js';
import { sampleReport } from './sample-report.js';

const require = createRequire(import.meta.url);
const KERNEL = '/somewhere/node_modules/tslab/dist/jupyter.js';

interface Shown {
  data: Record<string, string>;
  metadata: Record<string, unknown>;
  id: string;
  update: boolean;
}

/** What a kernel would have sent to the notebook: the loaded module of tslab with the function that cells write with. */
let shown: Shown[] = [];
let printed = '';

function startKernel(): void {
  const lastWriteDisplayData = (
    { data, metadata, transient }: { data: Shown['data']; metadata: object; transient: { display_id: string } },
    update: boolean,
  ) => shown.push({ data: structuredClone(data), metadata: { ...metadata }, id: transient.display_id, update });
  require.cache[KERNEL] = { exports: { lastWriteDisplayData } } as unknown as NodeJS.Module;
}

beforeEach(() => {
  shown = [];
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => {
  delete require.cache[KERNEL];
  vi.restoreAllMocks();
});

const report = sampleReport();
const figure = recallCurvesFigure(report.recallCurves, report.systems);

describe('outside of a notebook', () => {
  it('prints text', () => {
    expect(inNotebook()).toBe(false);
    display({ 'text/plain': 'hello', 'text/html': '<b>hello</b>' });
    show(figure);
    showTable(['a'], [[1]], 'numbers');
    showMetrics(report);
    expect(printed).toContain('hello\n[plot: Recall at k]\nnumbers\na\n─\n1\n');
    expect(printed).toContain('MRR@10');
    expect(printed).not.toMatch(/<(b|p|table)\b/);
  });

  it('prints a live figure once, at its end', () => {
    const live = liveFigure();
    for (let i = 0; i < 5; i++) live.update(figure);
    expect(printed).toBe('');
    live.finish();
    live.finish();
    expect(printed).toBe('[plot: Recall at k]\n');
  });
});

describe('in a notebook', () => {
  beforeEach(startKernel);

  it('sends a figure as Plotly description, text, and a picture where one can be made', () => {
    show(figure);
    expect(shown).toHaveLength(1);
    const { data, metadata } = shown[0]!;
    const sent = data['application/vnd.plotly.v1+json'] as unknown as Figure;
    expect(sent.data).toEqual(figure.data);
    expect(sent.layout).toEqual(figure.layout);
    expect(data['text/plain']).toBe('[plot: Recall at k]');
    const png = figurePng(figure);
    if (png) {
      expect(Buffer.from(data['image/png']!, 'base64').subarray(1, 4).toString()).toBe('PNG');
      expect(metadata['image/png']).toEqual({ width: 760, height: figure.layout.height });
    } else expect(data['image/png']).toBeUndefined();
    expect(printed).toBe('');
  });

  it('updates an output in its place', () => {
    const output = new Output();
    output.set({ 'text/plain': 'one' });
    output.set({ 'text/plain': 'two' });
    expect(shown.map(({ update }) => update)).toEqual([false, true]);
    expect(new Set(shown.map(({ id }) => id)).size).toBe(1);
    display({ 'text/plain': 'three' });
    expect(shown[2]!.id).not.toBe(shown[0]!.id);
  });

  it('draws a live run in one place, not at every step, with its last state', async () => {
    const live = liveTraining({
      maxGradientNorm: 1,
      totalSteps: 120,
      earlier: { steps: report.training!.steps.slice(0, 20), validations: [] },
    });
    const { onStep, onValidation } = live;
    for (const step of report.training!.steps.slice(20, 90)) onStep(step);
    onValidation(report.training!.validations[0]!);
    // 71 events: the first at once, the last after the pause, and few between, however long a picture takes.
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(shown.length).toBeGreaterThan(1);
    expect(shown.length).toBeLessThan(6);
    live.finish();
    const last = shown.at(-1)!.data['application/vnd.plotly.v1+json'] as unknown as Figure;
    const loss = last.data[0]!;
    expect(loss.type === 'scatter' && loss.x).toHaveLength(90);
    expect(last.layout.uirevision).toBe('keep');
    expect(new Set(shown.map(({ id }) => id)).size).toBe(1);
  });

  it('draws progress as a bar in place and leaves one line', () => {
    const time = { now: 0 };
    const reporting = notebookReporting(() => time.now);
    for (let done = 0; done <= 100; done++) {
      reporting.onProgress({ task: 'encoding <b>', done, total: 100, unit: 'papers' });
      time.now += 40;
    }
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.length).toBeLessThan(20);
    expect(shown[1]!.data['text/html']).toContain('<progress');
    expect(shown[1]!.data['text/html']).toContain('encoding &lt;b&gt;');
    expect(shown.at(-1)!.data['text/plain']).toBe('✓ encoding <b>: 100 papers in 4.0 s (25.0 papers/s)');
    expect(new Set(shown.map(({ id }) => id)).size).toBe(1);
  });

  it('keeps quiet about what is done in no time', () => {
    const reporting = notebookReporting(() => 0);
    reporting.onProgress({ task: 'quick', done: 0, total: 1, unit: 'steps' });
    reporting.onProgress({ task: 'quick', done: 1, total: 1, unit: 'steps' });
    reporting.done();
    expect(shown).toEqual([]);
    reporting.onMessage({ level: 'warning', text: 'careful' });
    expect(shown.map(({ data }) => data['text/plain'])).toEqual(['warning: careful']);
    expect(printed).toBe('');
  });

  it('shows tables as HTML with aligned numbers and escaped text, and as text', () => {
    showRecords(
      [
        { title: 'a < b', papers: 12345, share: 0.12345, by: null },
        { title: 'c', papers: 7, share: 1, by: ['x', 'y'] },
      ],
      { limit: 1 },
    );
    const { data } = shown[0]!;
    expect(data['text/html']).toContain('a &lt; b');
    expect(data['text/html']).toMatch(/text-align:right[^"]*" data-number="12345">12,345</);
    expect(data['text/html']).toMatch(/text-align:left[^"]*">a &lt; b</);
    expect(data['text/html']).toContain('first 1 of 2 rows');
    expect(data['text/plain']).toContain('a < b  12,345  0.123  –');
    showRecords([]);
    expect(shown[1]!.data['text/plain']).toBeDefined();
  });

  it('shows an arquero table with its number of rows, years without separators, sortable by value', () => {
    const papers = table({
      topic: ['b', 'a', 'c'],
      papers: [1200, 7, 300],
      year: [2019, 2021, 2020],
      published: [new Date('2020-05-01'), new Date('2019-05-01'), null],
    });
    showRecords(papers, { limit: 2, caption: 'Papers' });
    const html = shown[0]!.data['text/html']!;
    expect(html).toContain('Papers · first 2 of 3 rows');
    expect(html).toMatch(/data-number="1200">1,200</);
    expect(html).toContain('>2019<');
    expect(html).toContain('>2020-05-01<');
    expect(html.match(/<th /g)).toHaveLength(4);
    expect(shown[0]!.data['text/plain']).toContain('Papers · first 2 of 3 rows\ntopic  papers  year  published\n');
    showRecords([{ a: 1 }]);
    expect(shown[1]!.data['text/html']).toContain('1 row<');
  });

  it('shows a table as the value of a cell, and leaves any other value to the kernel', () => {
    showValuesOfCells();
    const name = Symbol.for('llm-embedding.show-value');
    const showValue = (globalThis as unknown as Record<symbol, (value: unknown) => boolean>)[name]!;
    expect(showValue([{ a: 1, b: 'x' }])).toBe(true);
    expect(showValue(table({ n: [1, 2, 3] }))).toBe(true);
    expect(shown.map(({ data }) => data['text/plain'])).toEqual(['1 row\na  b\n────\n1  x', '3 rows\nn\n─\n1\n2\n3']);
    for (const value of [42, 'text', [], [1, 2], [[1]], { a: 1 }, [new Date(0)], null]) {
      expect(showValue(value)).toBe(false);
    }
    expect(shown).toHaveLength(2);
  });

  it('shows a result of this package as its maker says, and in the cell that showed it already no second time', () => {
    showValuesOfCells();
    const name = Symbol.for('llm-embedding.show-value');
    const showValue = (globalThis as unknown as Record<symbol, (value: unknown) => boolean>)[name]!;
    const tell = ({ text }: { text: string }): void => display({ 'text/plain': text });
    const unseen = shownAs({ text: 'unseen' }, tell);
    const seen = alreadyShown({ text: 'seen' }, tell);
    expect([showValue(unseen), showValue(seen)]).toEqual([true, true]);
    expect(shown.map(({ data }) => data['text/plain'])).toEqual(['unseen']);
    startKernel();
    expect(showValue(seen)).toBe(true);
    expect(shown.map(({ data }) => data['text/plain'])).toEqual(['unseen', 'seen']);
    // what is made of it is another value
    expect(showValue({ ...seen })).toBe(false);
  });

  it('says what a promise lacks', () => {
    showValuesOfCells();
    const name = Symbol.for('llm-embedding.show-value');
    const showValue = (globalThis as unknown as Record<symbol, (value: unknown) => boolean>)[name]!;
    expect(showValue(Promise.resolve(1))).toBe(true);
    expect(shown.map(({ data }) => data['text/plain'])).toEqual([
      'a promise: write "await" before it to wait for its value',
    ]);
  });

  it('shows a pair without what papers have', () => {
    const pair = { query: 'q', document: 'd', score: 2, relevant: true, negatives: ['n'] };
    const paper = {
      id: 'q~d',
      title: 'what',
      abstract: 'that',
      topic: 'nli',
      role: 'main',
      categories: ['nli'],
    } as const;
    showPaper({ ...paper, categories: ['nli'], published: null, split: 'train', pair });
    expect(shown[0]!.data['text/plain']).toBe('what\nnli · score 2 · 1 negative · train\nthat');
  });

  it('takes any Plotly description, in the look of the others', () => {
    show({ data: [{ x: [1, 2], y: Float32Array.of(0.5, Number.NaN), type: 'scatter' }], layout: { title: 'mine' } });
    const { data } = shown[0]!;
    const sent = data['application/vnd.plotly.v1+json'] as unknown as {
      data: object[];
      layout: object;
      config: object;
    };
    expect(sent.data).toEqual([{ x: [1, 2], y: [0.5, null], type: 'scatter' }]);
    expect(sent.layout).toMatchObject({
      title: { text: 'mine' },
      template: { layout: { paper_bgcolor: 'rgba(0,0,0,0)' } },
    });
    expect(sent.config).toMatchObject({ showSendToCloud: false });
    expect(data['text/plain']).toBe('[plot: mine]');
    if (figurePng(figure)) expect(data['image/png']).toBeDefined();

    show({ data: [{ type: 'surface', z: [[1, 2]] }], layout: { title: { text: 'a <b>hill</b>' }, height: 300 } });
    expect(shown[1]!.data['text/plain']).toBe('[plot: a hill]');
    expect(shown[1]!.data['image/png']).toBeUndefined();
    expect(shown[1]!.data['application/vnd.plotly.v1+json']).toMatchObject({ layout: { height: 300 } });

    show({ data: [{ y: [3, 1] }, { x: ['a', 'b'], y: [1, 2], type: 'bar' }] });
    expect(shown[2]!.data['text/plain']).toBe('[plot: untitled]');
    for (const wrong of [undefined, {}, { data: 1 }, { data: [1] }, [1]]) {
      expect(() => show(wrong as unknown as Figure)).toThrow('expected a figure or a Plotly description');
    }
  });

  it('shows the result of an evaluation', () => {
    showMetrics(report);
    showComparisons(report);
    showExamples(report, 'tuned');
    showExamples(report, 'nobody');
    expect(shown[0]!.data['text/html']).toContain('<b>.921</b>');
    expect(shown[0]!.data['text/html']).toContain('Skipped openai:text-embedding-3-small');
    expect(shown[1]!.data['text/html']).toContain('+.032 [+.011, +.053]');
    expect(shown[2]!.data['text/html']).toContain('&lt;i&gt;regular&lt;/i&gt;');
    expect(shown[3]!.data['text/plain']).toBe('no examples of "nobody"; systems with examples: tuned, untuned, bm25');
  });
});

describe('the stop button', () => {
  it('fires the signal once, and then leaves interrupts to who listened before', async () => {
    const before = vi.fn();
    process.on('SIGINT', before);
    try {
      const result = await interruptible(async (signal) => {
        process.emit('SIGINT');
        expect(signal.aborted).toBe(true);
        expect(before).not.toHaveBeenCalled();
        process.emit('SIGINT');
        expect(before).toHaveBeenCalledTimes(1);
        return 'kept';
      });
      expect(result).toBe('kept');
      process.emit('SIGINT');
      expect(before).toHaveBeenCalledTimes(2);
      expect(process.listeners('SIGINT').filter((listener) => listener === before)).toHaveLength(1);
    } finally {
      process.removeListener('SIGINT', before);
    }
  });

  it('gives back the listeners when the work fails', async () => {
    const before = process.listeners('SIGINT');
    const failing = withProgress(async ({ signal }) => {
      expect(signal.aborted).toBe(false);
      throw new UserError('no such file');
    });
    await expect(failing).rejects.toThrow('no such file');
    expect(process.listeners('SIGINT')).toEqual(before);
  });
});
