import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupDuplicates } from '../../lib/datasets/cleaning/near-duplicates.js';
import type { Paper, SplitPaper } from '../../lib/datasets/paper.js';
import { sideOfKey, splitPapers } from '../../lib/datasets/splits.js';

const WORDS =
  'horizon lattice kernel entropy graph tensor field metric neural vacuum phase matrix boson curvature'.split(' ');

function makePaper(index: number, title: string, published: string | null): Paper {
  return {
    id: `id-${index}`,
    title,
    abstract: `abstract ${index}`,
    topic: 'gr-qc',
    role: 'main',
    categories: ['gr-qc'],
    published,
  };
}

async function split(
  papers: Paper[],
  method: 'hash' | 'time' = 'hash',
  testFrom: string | null = null,
): Promise<ReturnType<typeof splitPapers>> {
  const groups = await groupDuplicates(papers);
  return splitPapers(
    papers.map((paper, index) => ({ paper, group: groups[index]! })),
    { method, validationShare: 0.1, testShare: 0.2, testFrom },
  );
}

const sides = (papers: SplitPaper[]): Map<string, string> => new Map(papers.map((paper) => [paper.id, paper.split]));

describe('splits by hash', () => {
  it('have about the shares that were asked for', async () => {
    const papers = Array.from({ length: 20_000 }, (_, index) =>
      makePaper(index, `w${index} x${index * 7} y${index * 13}`, null),
    );
    const counts = { train: 0, validation: 0, test: 0 };
    for (const paper of (await split(papers)).papers) counts[paper.split]++;
    // Binomial: four standard deviations are 0.011.
    expect(counts.test / 20_000).toBeCloseTo(0.2, 1.65);
    expect(counts.validation / 20_000).toBeCloseTo(0.1, 1.65);
  });

  it('stay as they are when papers are added, in whatever order', async () => {
    const papers = Array.from({ length: 400 }, (_, index) =>
      makePaper(index, `${WORDS[index % 14]} number a${index} b${index} c${index}`, null),
    );
    const before = sides((await split(papers.slice(100, 200))).papers);
    const after = sides((await split(papers.slice().reverse())).papers);
    for (const [id, side] of before) expect(after.get(id)).toBe(side);
  });

  it('put a paper and its comment on one side, each without the other too', async () => {
    for (let index = 0; index < 50; index++) {
      const original = makePaper(2 * index, `${WORDS[index % 14]} of the q${index} and r${index}`, null);
      const comment = makePaper(2 * index + 1, `Comment on "${original.title}"`, null);
      const [a, b] = (await split([original, comment])).papers;
      expect(a?.split).toBe(b?.split);
      expect((await split([comment])).papers[0]?.split).toBe(b?.split);
      expect((await split([original])).papers[0]?.split).toBe(a?.split);
    }
  });

  it('keep similar titles on one side', async () => {
    const title = fc.array(fc.constantFrom(...WORDS), { minLength: 5, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(title, { maxLength: 30 }), async (titles) => {
        const { papers } = await split(titles.map((list, index) => makePaper(index, list.join(' '), null)));
        const keyed = await groupDuplicates(papers);
        const bySide = new Map<string, string>();
        papers.forEach((paper, index) => {
          const key = keyed[index]!.groupKey;
          expect(bySide.get(key) ?? paper.split).toBe(paper.split);
          bySide.set(key, paper.split);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('another validation share leaves the test side alone', () => {
    for (let index = 0; index < 500; index++) {
      const small = sideOfKey(`key ${index}`, 0.1, 0.2);
      const large = sideOfKey(`key ${index}`, 0.5, 0.2);
      expect(large === 'test').toBe(small === 'test');
      if (small === 'validation') expect(large).toBe('validation');
    }
  });
});

describe('splits by time', () => {
  const dates = fc.constantFrom('2019-05-01', '2020-01-01', '2020-12-31', '2021-01-01', '2021-06-01', null);
  const titles = fc.array(fc.constantFrom(...WORDS), { minLength: 4, maxLength: 6 });

  it('train before the date, test from it on, near duplicates on one side', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(titles, dates), { minLength: 1, maxLength: 30 }), async (list) => {
        const papers = list.map(([title, date], index) => makePaper(index, title.join(' '), date));
        if (papers.every((paper) => paper.published === null)) return;
        const result = await split(papers, 'time', '2021-01-01');
        const groups = await groupDuplicates(papers);
        const keyOf = new Map(papers.map((paper, index) => [paper.id, groups[index]!.groupKey]));
        const trained = new Set<string>();
        for (const paper of result.papers) {
          if (paper.split === 'test') expect(paper.published! >= '2021-01-01').toBe(true);
          else {
            expect(paper.published! < '2021-01-01').toBe(true);
            trained.add(keyOf.get(paper.id)!);
          }
        }
        for (const paper of result.papers)
          if (paper.split === 'test') expect(trained.has(keyOf.get(paper.id)!)).toBe(false);
        expect(result.papers.length + result.undated + result.straddling).toBe(papers.length);
        expect(result.undated).toBe(papers.filter((paper) => paper.published === null).length);
      }),
      { numRuns: 300 },
    );
  });

  it('ask for the date, and for papers that have one', async () => {
    await expect(split([makePaper(0, 'a b c d', '2020-01-01')], 'time')).rejects.toThrow(/set datasets.split.testFrom/);
    await expect(split([makePaper(0, 'a b c d', null)], 'time', '2020-01-01')).rejects.toThrow(
      /no paper of 1 has a date/,
    );
  });
});
