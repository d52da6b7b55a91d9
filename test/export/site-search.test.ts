/** The parts of exported pages without a browser: packed embeddings, choices by topic and year, excerpts. */
import { describe, expect, it } from 'vitest';
import { normalizedRows } from '../../lib/core/rows.js';
import { excerptOf, markedText } from '../../lib/export/site/excerpt.js';
import { embeddingBytes, packEmbeddings, readEmbeddings, rowScores } from '../../lib/export/site/packed-embeddings.js';
import { PAGE_POLICY, pageHtml } from '../../lib/export/site/page-html.js';
import type { SiteDescription, SitePapers } from '../../lib/export/site/site-description.js';
import { exampleQueries, yearsOf } from '../../lib/export/site/site-papers.js';
import { SiteSearch } from '../../lib/export/site/site-search.js';
import { DEFAULT_FUSION } from '../../lib/retrieval/systems/fusion.js';

const D = 48;
const N = 300;
const rows = normalizedRows(
  Float32Array.from({ length: N * D }, (_, at) => Math.sin(at * at * 0.37 + at)),
  D,
);

describe('packed embeddings', () => {
  it('survive their bytes, and score as the numbers they stand for', () => {
    const packed = readEmbeddings(embeddingBytes(packEmbeddings(rows, D)), N, D);
    const query = rows.slice(7 * D, 8 * D);
    const scoreOf = rowScores(packed)(query);
    for (let row = 0; row < N; row++) {
      const exact = query.reduce((sum, value, j) => sum + value * rows[row * D + j]!, 0);
      expect(Math.abs(scoreOf(row) - exact)).toBeLessThan(1e-5);
    }
    expect(() => readEmbeddings(new Uint8Array(8), N, D)).toThrow('expected those of 300 papers');
  });

  it('hold dimensions that are one number, and refuse a single row', () => {
    const flat = rows.map((value, at) => (at % D === 3 ? 0.25 : value));
    const scoreOf = rowScores(packEmbeddings(flat, D))(new Float32Array(D).map((_, j) => (j === 3 ? 1 : 0)));
    expect(scoreOf(11)).toBeCloseTo(0.25, 6);
    expect(() => packEmbeddings(rows.slice(0, D), D)).toThrow('two or more');
  });
});

const papers: SitePapers = {
  ids: Array.from({ length: N }, (_, i) => `2101.${String(i).padStart(5, '0')}`),
  titles: Array.from({ length: N }, (_, i) => `Paper ${i}`),
  abstracts: Array.from({ length: N }, (_, i) => (i % 3 === 0 ? 'black holes merge' : `waves number ${i}`)),
  topics: ['gr-qc', 'cs.LG'],
  topicOf: Array.from({ length: N }, (_, i) => i % 2),
  published: Array.from({ length: N }, (_, i) => (i % 5 === 0 ? null : `${2015 + (i % 5)}-03-04`)),
};
const site: SiteDescription = {
  version: 'v',
  bytes: { runtime: 1, model: 1, tokenizer: 1, papers: 1, embeddings: 1 },
  dimensions: D,
  papers: N,
  without: [7],
  usual: 'hybrid',
  fusion: DEFAULT_FUSION,
  bm25: { k1: null, b: null },
  query: { prompt: '', maxLength: 32, lowerCase: false },
};

describe('search on a page', () => {
  const tokenizer = { encode: (text: string) => Int32Array.from(text, (letter) => letter.charCodeAt(0)) };
  const encoder = {
    tokenizer: tokenizer as never,
    embed: async (ids: Int32Array) => rows.slice((ids[0]! % N) * D, ((ids[0]! % N) + 1) * D),
    embeddings: packEmbeddings(rows, D),
  };
  const search = new SiteSearch(site, papers, async () => encoder);
  const exact = (row: number): number[] => {
    const query = rows.slice(row * D, (row + 1) * D);
    const score = (other: number): number => query.reduce((sum, value, j) => sum + value * rows[other * D + j]!, 0);
    return [...Array(N).keys()].filter((other) => other !== 7).sort((a, b) => score(b) - score(a));
  };

  it('is exact by meaning, and leaves out papers without tokens', async () => {
    const found = await search.search({ text: 'a', system: 'encoder', k: 20 });
    expect(found.map(({ row }) => row)).toEqual(exact(97).slice(0, 20));
    expect(found[0]?.encoder).toEqual({ rank: 1, score: found[0]?.score });
    const all = await search.search({ text: 'a', system: 'encoder', k: N });
    expect(all).toHaveLength(N - 1);
  });

  it.each([
    [{ topic: 'cs.LG' }, (row: number) => row % 2 === 1],
    [{ from: 2017 }, (row: number) => row % 5 >= 2],
    [{ to: 2016, topic: 'gr-qc' }, (row: number) => row % 5 === 1 && row % 2 === 0],
    [{ from: 2030 }, () => false],
  ])('of %j ranks what is left as before', async (chosen, isLeft) => {
    const found = await search.search({ text: 'a', system: 'encoder', k: 10, ...chosen });
    expect(found.map(({ row }) => row)).toEqual(exact(97).filter(isLeft).slice(0, 10));
    const words = await search.search({ text: 'holes', system: 'bm25', k: 500, ...chosen });
    expect(words.map(({ row }) => row).sort((a, b) => a - b)).toEqual(
      [...Array(N).keys()].filter((row) => row % 3 === 0 && isLeft(row)),
    );
    const both = await search.search({ text: 'holes', system: 'hybrid', k: 10, ...chosen });
    expect(both.every(({ row }) => isLeft(row))).toBe(true);
  });

  it('searches words while there is no encoder', async () => {
    const alone = new SiteSearch(site, papers, () => Promise.reject(new Error('no WebAssembly')));
    expect(await alone.search({ text: 'holes', system: 'bm25', k: 3 })).toHaveLength(3);
    await expect(alone.search({ text: 'holes', system: 'hybrid', k: 3 })).rejects.toThrow('no WebAssembly');
  });
});

describe('what is shown', () => {
  it('marks the words that BM25 matches, whatever their form, and nothing else', () => {
    const pieces = markedText('Of Black-hole MERGERS, and the merging of Schrödinger cats.', 'merger of black holes');
    expect(pieces.filter(({ isMatch }) => isMatch).map(({ text }) => text)).toEqual(['Black', 'hole', 'MERGERS']);
    expect(pieces.map(({ text }) => text).join('')).toBe('Of Black-hole MERGERS, and the merging of Schrödinger cats.');
  });

  it('begins the excerpt where most words of the query come', () => {
    const text = `${'Nothing of it here. '.repeat(30)}The spin of a black hole is measured. ${'More follows. '.repeat(40)}`;
    const { pieces, cutBefore, cutAfter } = excerptOf(text, 'black hole spin');
    const shown = pieces.map(({ text: piece }) => piece).join('');
    expect(shown).toContain('The spin of a black hole is measured.');
    expect(shown.length).toBeLessThanOrEqual(320);
    expect([cutBefore, cutAfter]).toEqual([true, true]);
    expect(excerptOf('Short.', 'waves')).toMatchObject({ cutBefore: false, cutAfter: false });
  });

  it('takes examples of every topic, and years that there are', () => {
    const titles = [...Array(6)].map((_, i) => `A title of fitting length, number ${i}`);
    const few = { ...papers, titles: ['$x$', ...titles], topicOf: [0, 0, 0, 0, 1, 1, -1] };
    expect(exampleQueries(few)).toEqual([0, 3, 1, 4, 2].map((i) => titles[i]));
    expect(yearsOf(papers)).toEqual([2019, 2018, 2017, 2016]);
  });

  it('has nothing of a name but its text, and a policy before any script', () => {
    const attack = `"><script>window.executed=1</script>'`;
    const html = pageHtml({
      site: { ...site, version: 'abc' },
      name: attack,
      encoder: attack,
      isSynthetic: true,
      topics: [
        { name: attack, papers: 1 },
        { name: 'b', papers: 2 },
      ],
      years: [2020],
      examples: [attack],
      date: '2026-01-01',
      libraryVersion: '1',
      measured: attack,
    });
    expect(html).not.toContain('<script>window');
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<script'));
    expect(PAGE_POLICY).not.toContain('unsafe-inline');
    expect(html).toContain('A synthetic sample');
    expect(html).not.toMatch(/(src|href)="(\/|https?:)/);
  });
});
