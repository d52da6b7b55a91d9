import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readCitations } from '../../../lib/evaluation/formats/citations.js';

const folder = mkdtempSync(join(tmpdir(), 'citations-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, papers: readonly object[]): string {
  const path = join(folder, `${name}.jsonl`);
  writeFileSync(path, papers.map((paper) => `${JSON.stringify(paper)}\n`).join(''));
  return path;
}

const paper = (id: string | number, published: string | number, references: (string | number)[] = []) => ({
  id,
  title: `Title ${id}`,
  abstract: `Abstract ${id}.`,
  published,
  references,
});
const PAPERS = [
  paper('a', '2019-04-01'),
  paper('b', '2019-05', ['a']),
  paper('c', 2020, ['a', 'elsewhere']),
  // cites an earlier paper, one of its own time, one that the file lacks
  paper('d', '2021-06-01', ['a', 'b', 'e', 'elsewhere']),
  paper('e', '2021-07-01', ['c']),
  paper('f', '2021-08-01', ['d']),
  paper('g', '2021-09-01'),
];

describe('readCitations', () => {
  it('asks recent titles for the earlier papers that they cite', async () => {
    const messages: string[] = [];
    const { corpus, queries, qrels } = await readCitations(file('papers', PAPERS), {
      from: '2021-01-01',
      share: 0.2,
      onMessage: ({ text }) => messages.push(text),
    });
    expect(corpus).toEqual([
      { id: 'a', title: 'Title a', text: 'Title a Abstract a.' },
      { id: 'b', title: 'Title b', text: 'Title b Abstract b.' },
      { id: 'c', title: 'Title c', text: 'Title c Abstract c.' },
    ]);
    // f cites only a paper of its own time, g none
    expect(queries).toEqual([
      { id: 'd', text: 'Title d' },
      { id: 'e', text: 'Title e' },
    ]);
    expect(qrels).toEqual(
      new Map([
        [
          'd',
          new Map([
            ['a', 1],
            ['b', 1],
          ]),
        ],
        ['e', new Map([['c', 1]])],
      ]),
    );
    expect(messages[0]).toMatch(/2 papers from 2021-01-01 on .* 3 earlier ones; 1 reference/);
  });

  it('takes the latest share of the papers where no day is given', async () => {
    const { queries } = await readCitations(file('share', PAPERS), { from: null, share: 0.5 });
    // the later half begins with d, the fourth of seven
    expect(queries.map(({ id }) => id)).toEqual(['d', 'e']);
  });

  it('reads ids that are numbers, and text in place of an abstract', async () => {
    const numbers = [
      { id: 1, title: 'One', text: 'Text.', published: 2000 },
      { id: 2, title: 'Two', published: 2010, references: [1] },
    ];
    const { corpus, qrels } = await readCitations(file('numbers', numbers), { from: '2005', share: 0.2 });
    expect(corpus).toEqual([{ id: '1', title: 'One', text: 'One Text.' }]);
    expect(qrels).toEqual(new Map([['2', new Map([['1', 1]])]]));
  });

  it.each([
    ['an id twice', [paper('a', 2019), paper('a', 2020)], /has paper "a" twice/],
    ['no date', [{ id: 'a', title: 'A' }], /line 1: published/],
    ['a date that is none', [paper('a', 'spring')], /line 1: published must be a date/],
    ['references that are no list', [{ ...paper('a', 2019), references: 'b' }], /line 1: references/],
    ['no citation of an earlier paper', [paper('a', 2019), paper('b', 2020, ['b'])], /cites an earlier one/],
    ['no paper', [], /is empty/],
  ])('refuses %s', async (name, papers, message) => {
    await expect(readCitations(file(name, papers), { from: null, share: 0.5 })).rejects.toThrow(message);
  });
});
