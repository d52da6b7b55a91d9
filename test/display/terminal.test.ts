import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as format from '../../lib/display/format.js';
import {
  batchCompositionTable,
  comparisonTable,
  metricTable,
  reportSummary,
  tokenLengthTable,
} from '../../lib/display/terminal/report-tables.js';
import { terminalReporting } from '../../lib/display/terminal/reporting.js';
import { textTable } from '../../lib/display/terminal/text-table.js';
import { trainingNotes } from '../../lib/display/training-notes.js';
import { sampleReport } from './sample-report.js';

/** A stream that keeps what is written, and a clock that the test turns. */
function screen(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120, rows: 40 }) as unknown as NodeJS.WriteStream;
  const chunks: string[] = [];
  (stream as unknown as PassThrough).on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const time = { now: 0 };
  return { reporting: terminalReporting(stream, () => time.now), time, text: () => chunks.join('') };
}

describe('foreign text on a terminal', () => {
  const evil = 'a\u001b]52;c;eA==\u0007\u202eb';
  const shown = 'a␛]52;c;eA==␇<U+202E>b';

  it('is shown and not obeyed in messages, progress and tables', () => {
    const { reporting, text } = screen(false);
    reporting.onMessage({ level: 'warning', text: evil });
    reporting.onProgress({ task: evil, done: 1, total: 1, unit: evil, note: evil });
    expect(text().split('\n')).toEqual([`warning: ${shown}`, `✓ ${shown}: 1 ${shown}, ${shown}`, '']);
    expect(textTable([evil], [[evil]]).split('\n')).toEqual([shown, '─'.repeat(shown.length), shown]);
  });

  it('is shown and not obeyed in a live bar', () => {
    const { reporting, text } = screen(true);
    reporting.onProgress({ task: evil, done: 1, total: 2, unit: 'papers', note: evil });
    reporting.done();
    expect(text()).not.toContain('\u001b]52');
    expect(text()).not.toContain('\u202e');
  });
});

describe('progress where there is no terminal', () => {
  it('is plain lines at a low rate and one line at the end', () => {
    const { reporting, time, text } = screen(false);
    for (let done = 0; done <= 100; done++) {
      reporting.onProgress({ task: 'encoding abstracts', done, total: 100, unit: 'papers', note: `loss ${done}` });
      time.now += 500;
    }
    reporting.done();
    const lines = text().trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe('  encoding abstracts: 30 of 100 papers, 2.00 papers/s, 35 s left, loss 30');
    expect(lines[3]).toBe('✓ encoding abstracts: 100 papers in 50 s (2.00 papers/s), loss 100');
    expect(text()).not.toContain('\u001b');
  });

  it('counts the rate of a resumed task from where it was taken up', () => {
    const { reporting, time, text } = screen(false);
    reporting.onProgress({ task: 'training', done: 900, total: 1000, unit: 'steps' });
    time.now = 10_000;
    reporting.onProgress({ task: 'training', done: 1000, total: 1000, unit: 'steps' });
    expect(text()).toBe('✓ training: 1,000 steps in 10 s (10.0 steps/s)\n');
  });

  it('closes what was under way, and needs no total', () => {
    const { reporting, time, text } = screen(false);
    reporting.onProgress({ task: 'reading', done: 1, unit: 'papers' });
    reporting.onProgress({ task: 'training', done: 2, total: 10, unit: 'steps' });
    time.now = 1000;
    reporting.onProgress({ task: 'reading', done: 41, unit: 'papers' });
    reporting.done();
    reporting.done();
    expect(text()).toBe('✓ reading: 41 papers in 1.0 s (40.0 papers/s)\n– training: 2 of 10 steps\n');
  });

  it('tells a short task that comes again only once', () => {
    const { reporting, time, text } = screen(false);
    for (let round = 0; round < 3; round++) {
      reporting.onProgress({ task: 'validating', done: 0, total: 5, unit: 'papers' });
      time.now += round === 2 ? 3000 : 100;
      reporting.onProgress({ task: 'validating', done: 5, total: 5, unit: 'papers' });
    }
    expect(text().match(/✓ validating/g)).toHaveLength(2);
  });

  it('passes messages on', () => {
    const { reporting, text } = screen(false);
    reporting.onMessage({ level: 'info', text: 'engine onnx' });
    reporting.onMessage({ level: 'warning', text: 'FAISS is missing' });
    expect(text()).toBe('engine onnx\nwarning: FAISS is missing\n');
  });
});

describe('progress on a terminal', () => {
  it('draws bars in place, keeps messages above them, and cleans up', async () => {
    const { reporting, time, text } = screen(true);
    reporting.onProgress({ task: 'training', done: 0, total: 4, unit: 'steps' });
    time.now = 1000;
    reporting.onProgress({ task: 'training', done: 1, total: 4, unit: 'steps' });
    reporting.onProgress({ task: 'validating', done: 1, total: 2, unit: 'papers' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    reporting.onMessage({ level: 'warning', text: 'careful' });
    const plain = (): string => stripVTControlCharacters(text());
    expect(plain()).toContain('━━━━━━──────────────────');
    expect(plain()).toContain('1 of 4 steps, 1.00 steps/s, 3.0 s left');
    expect(plain()).toContain('warning: careful\n');
    reporting.done();
    expect(plain().trimEnd().endsWith('– validating: 1 of 2 papers')).toBe(true);
    // Line wrapping is off while bars are drawn, and on again afterwards.
    expect(text().lastIndexOf('\u001b[?7h')).toBeGreaterThan(text().lastIndexOf('\u001b[?7l'));
  });
});

describe('text tables', () => {
  it('align columns, numbers to the right, wide characters counted', () => {
    const lines = textTable(
      ['name', { name: 'value', align: 'right' }, 'n'],
      [
        ['a', '1.5', 3],
        ['物理', '12.25', 44],
      ],
    ).split('\n');
    expect(lines).toEqual(['name  value   n', '───────────────', 'a       1.5   3', '物理  12.25  44']);
    expect(textTable(['a', 'b'], [])).toBe('a  b\n────');
  });

  it('keep a cell on one line and cut it where asked', () => {
    const text = textTable([{ name: 'title', maxWidth: 8 }], [['a\nvery long title']]);
    expect(text.split('\n')[2]).toBe('a very…');
  });

  it('of metrics: every system and metric with interval, the best marked', () => {
    const table = metricTable(sampleReport());
    const row = table.split('\n').find((line) => line.startsWith('MRR@10'))!;
    expect(row.match(/\.\d{3} \[\.\d{3}, \.\d{3}\]/g)).toHaveLength(4);
    expect(row.trimEnd().endsWith('*')).toBe(true);
    expect(table).toContain('skipped openai:text-embedding-3-small: OPENAI_API_KEY is not set');
    for (const line of table.split('\n').slice(0, 11)) expect(line.length).toBeLessThanOrEqual(100);
    const positions = table
      .split('\n')
      .slice(2, 11)
      .map((line) => line.indexOf(' ['));
    expect(new Set(positions).size).toBeLessThanOrEqual(2);
  });

  it('of many systems go on below', () => {
    const report = sampleReport();
    report.systems.push({ ...report.systems[0]!, name: 'transformers:other', kind: 'transformers' });
    expect(metricTable(report).match(/^metric/gm)).toHaveLength(2);
  });

  it('of a report without systems, comparisons or numbers', () => {
    const report = { ...sampleReport(), systems: [], comparisons: [], skipped: [] };
    expect(metricTable(report)).toBe('no system was evaluated; 160 queries in 402 documents');
    expect(reportSummary(report)).toContain('No system was evaluated.');
    const broken = sampleReport();
    broken.systems[0]!.metrics = {};
    expect(metricTable(broken)).not.toMatch(/NaN|undefined/);
  });

  it('of differences hold one metric at the end of a run, and all where asked', () => {
    const report = sampleReport();
    expect(reportSummary(report)).not.toMatch(/tuned − bm25 +nDCG@10/);
    expect(comparisonTable(report)).toMatch(/tuned − bm25 +nDCG@10/);
  });

  it('of differences, lengths and batches', () => {
    const report = sampleReport();
    expect(comparisonTable(report)).toContain('tuned − untuned  MRR@10');
    expect(comparisonTable(report)).toContain('+.032 [+.011, +.053]  < .001  above 0');
    expect(tokenLengthTable(report.tokens!).split('\n')).toHaveLength(11);
    expect(batchCompositionTable(report.batches!)).toContain('50.0 %');
  });
});

describe('numbers', () => {
  it.each([
    [format.formatShare(0.8734), '.873'],
    [format.formatShare(1), '1.000'],
    [format.formatShare(-0.0001), '.000'],
    [format.formatShare(-0.25), '−.250'],
    [format.formatShare(Number.NaN), '–'],
    [format.formatDifference(0.01), '+.010'],
    // a tie, and what is none though three digits do not show it
    [format.formatDifference(-0), '0'],
    [format.formatDifference(1e-17), '0'],
    [format.formatDifference(0.0002), '+.000'],
    [format.formatDifference(-0.0002), '−.000'],
    [format.formatDifference(null), '–'],
    [format.formatDifferenceInterval({ difference: 0, low: 0, high: 0 }), '0'],
    [format.formatDifferenceInterval({ difference: 0, low: -0.01, high: 0.01 }), '0 [−.010, +.010]'],
    [format.formatMetric({ value: 0.873, low: 0.85, high: 0.894 }), '.873 [.850, .894]'],
    [format.formatMetric({ value: 0.873, low: Number.NaN, high: 1 }), '.873'],
    [format.formatMetric(undefined), '–'],
    [format.formatProbability(0.0004), 'p < .001'],
    [format.formatProbability(0.0321), 'p = .032'],
    [format.formatPercent(0.1234), '12.3 %'],
    [format.formatNumber(0.00002), '2.0e-5'],
    [format.formatNumber(1234.5), '1,235'],
    [format.formatNumber(0.012345), '0.0123'],
    [format.formatDuration(0.42), '0.4 s'],
    [format.formatDuration(59.7), '1 min 00 s'],
    [format.formatDuration(125), '2 min 05 s'],
    [format.formatDuration(3725), '1 h 02 min'],
    [format.formatDuration(Number.NaN), '–'],
    [format.formatRate(1234, 'tokens'), '1,234 tokens/s'],
    [format.formatRate(104_321_301, 'bytes'), '104 MB/s'],
    [format.formatQuantity(1, 'batches'), '1 batch'],
    [format.formatQuantity(1, 'queries'), '1 query'],
    [format.formatQuantity(1, 'micro-batches'), '1 micro-batch'],
    [format.formatQuantity(1, 'papers'), '1 paper'],
    [format.formatQuantity(1, 'MB'), '1 MB'],
    [format.formatQuantity(2000, 'batches'), '2,000 batches'],
    [format.formatQuantity(0, 'queries'), '0 queries'],
    [format.formatQuantity(1_379_840, 'bytes'), '1.4 MB'],
    [format.formatQuantity(512, 'bytes'), '512 bytes'],
    [format.metricLabel('ndcg@10'), 'nDCG@10'],
  ])('%s', (text, expected) => expect(text).toBe(expected));
});

describe('how the training went', () => {
  it('says which steps changed nothing, and that the training ended early', () => {
    const report = sampleReport();
    const { steps = [], validations = [] } = report.training ?? {};
    const run = { name: 'r', state: 'finished', step: 60, totalSteps: 60, usedStep: 40, fingerprint: 'f' } as const;
    const skipped = [4, 9].map((step) => ({ step, reason: 'the loss is NaN' }));
    const taken = Math.max(...[...steps, ...validations].map(({ step }) => step));
    const notes = trainingNotes({
      ...report,
      run,
      training: { steps, validations, skipped, plannedSteps: taken + 20 },
    });
    expect(notes[0]).toBe(
      `Training passed over 2 steps of ${taken}, which changed nothing: step 4 (the loss is NaN), 9 (the loss is NaN).`,
    );
    expect(notes[1]).toMatch(`Training ended early, after step ${taken} of ${taken + 20}: `);
    expect(metricTable({ ...report, run, training: { steps, validations, skipped } })).toContain(notes[0]);
    expect(trainingNotes(report)).toEqual([]);
  });
});
