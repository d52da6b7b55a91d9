/** Tables in a terminal of so many columns: nothing is wider, nothing is lost. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnGroups, fittedWidths, wrapText } from '../../lib/display/terminal/fit-table.js';
import { textTable } from '../../lib/display/terminal/text-table.js';

const words = (text: string): string[] => text.split(/[\s─]+/).filter(Boolean);

describe('a table in a terminal', () => {
  const columns = ['name', { name: 'value', align: 'right' as const }, 'meaning'];
  const meaning = 'steps between validations; null validates before the first step and after the last only';

  it('wraps texts within their column, and leaves the rest where it is', () => {
    const text = textTable(columns, [['validateEvery', 10, meaning]], 50);
    expect(text.split('\n')).toEqual([
      'name           value  meaning',
      '─'.repeat(48),
      'validateEvery     10  steps between validations;',
      '                      null validates before the',
      '                      first step and after the',
      '                      last only',
    ]);
  });

  it('continues columns without room below, each part with the first', () => {
    const systems = ['untuned', 'tuned', 'bm25'].map((name) => ({ name, align: 'right' as const }));
    const interval = '.905 [.850, .946]';
    const text = textTable(['metric', ...systems], [['MRR@10', interval, interval, interval]], 50);
    const [first = '', second = ''] = text.split('\n\n');
    expect(words(first)).toEqual(words(`metric untuned tuned MRR@10 ${interval} ${interval}`));
    expect(words(second)).toEqual(words(`metric bm25 MRR@10 ${interval}`));
  });

  it('is a line for each row where there is no terminal', () => {
    expect(textTable(columns, [['validateEvery', 10, meaning]]).split('\n')).toHaveLength(3);
  });

  it('keeps every character, and is no wider than the line where columns allow it', () => {
    const cell = fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { maxLength: 12 }).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 50, max: 120 }),
        (rows, limit) => {
          const text = textTable(['one', 'two'], rows, limit);
          for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(limit);
          const letters = (from: string): string => [...from.replace(/[^a-z]/g, '')].sort().join('');
          expect(letters(text)).toBe(letters(`one two ${rows.flat().join(' ')}`));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the parts', () => {
  it('break long words, and keep the indentation of a row', () => {
    expect(wrapText('  /a/very/long/path', 10)).toEqual(['  /a/very/', '  long/pat', '  h']);
    expect(wrapText('short', 10)).toEqual(['short']);
  });

  it('take from the widest text first, and never from numbers', () => {
    const columnsOf = [
      { width: 60, wraps: true },
      { width: 40, wraps: false },
      { width: 30, wraps: true },
    ];
    expect(fittedWidths(columnsOf, 100)).toEqual([28, 40, 28]);
    expect(fittedWidths(columnsOf, Number.POSITIVE_INFINITY)).toEqual([60, 40, 30]);
    expect(columnGroups([10, 20, 20, 20], 54)).toEqual([
      [0, 1, 2],
      [0, 3],
    ]);
  });
});
