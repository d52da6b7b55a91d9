import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthStatistics } from '../../lib/tokens/length-statistics.js';
import { compareStrategies } from '../../lib/tokens/padding-strategies.js';
import { proposeLimits } from '../../lib/tokens/proposal.js';
import { tokenizePapers, tokenStatistics } from '../../lib/tokens/token-statistics.js';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';

const oneToHundred = Array.from({ length: 100 }, (_, i) => i + 1);

describe('lengthStatistics', () => {
  it('gives quantiles that occur, and shares above the limits', () => {
    const { summaries } = lengthStatistics(
      [...oneToHundred].reverse(),
      oneToHundred.map((i) => (i <= 50 ? 'a' : 'b')),
      [10, 99],
    );
    expect(summaries[0]).toEqual({
      topic: 'all',
      count: 100,
      min: 1,
      median: 50,
      p90: 90,
      p95: 95,
      p99: 99,
      max: 100,
      truncated: [
        { limit: 10, share: 0.9 },
        { limit: 99, share: 0.01 },
      ],
    });
    expect(summaries.map(({ topic, count, min, max }) => [topic, count, min, max])).toEqual([
      ['all', 100, 1, 100],
      ['a', 50, 51, 100],
      ['b', 50, 1, 50],
    ]);
  });

  it('puts every text into one bin of at most 40, and into the distribution', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ n: fc.nat(5000), topic: fc.constantFrom('a', 'b') }), { minLength: 1 }),
        (texts) => {
          const lengths = texts.map((text) => text.n);
          const { histogram, distributionByTopic } = lengthStatistics(
            lengths,
            texts.map((text) => text.topic),
          );
          const { binStarts, binWidth, countsByTopic } = histogram;
          expect(binStarts.length).toBeLessThanOrEqual(40);
          for (const [topic, counts] of Object.entries(countsByTopic)) {
            const own = texts.filter((text) => text.topic === topic).map((text) => text.n);
            binStarts.forEach((start, i) => {
              expect(counts[i]).toBe(own.filter((n) => n >= start && n < start + binWidth).length);
            });
            expect(counts.reduce((sum, count) => sum + count, 0)).toBe(own.length);
            const { length, share } = distributionByTopic[topic] as { length: number[]; share: number[] };
            length.forEach((value, i) => {
              expect(share[i]).toBeCloseTo(own.filter((n) => n <= value).length / own.length, 12);
            });
            expect(length).toEqual([...new Set(own)].sort((a, b) => a - b));
          }
        },
      ),
      { seed: 3 },
    );
  });

  it('of nothing has no summaries', () => {
    expect(lengthStatistics([], []).summaries).toEqual([]);
  });
});

describe('compareStrategies', () => {
  it('counts the same tokens under every strategy, and finds grouping by length better than random order', () => {
    const lengths = Array.from({ length: 600 }, (_, i) => 20 + ((i * 7919) % 400));
    const wastes = compareStrategies(lengths, { maxLength: 256, tokenBudget: 2048, pairs: 100, seed: 1 });
    const tokens = lengths.reduce((sum, length) => sum + Math.min(256, length), 0);
    for (const waste of wastes) expect(waste.tokens).toBe(tokens);
    const of = Object.fromEntries(wastes.map((waste) => [waste.strategy, waste.waste])) as Record<string, number>;
    expect(of['random order']).toBeGreaterThan(0.2);
    expect(of['token budget in a batch']).toBeLessThan(0.1);
    expect(of['sorted by length']).toBeLessThan(0.02);
    expect(of['token budget over all']).toBeLessThan(0.02);
  });
});

describe('proposeLimits', () => {
  it('cuts at most 1 % with the smallest candidate that does', () => {
    const titles = oneToHundred.map((i) => (i <= 99 ? 20 : 40));
    const abstracts = oneToHundred.map((i) => (i <= 98 ? 200 : 300));
    const { maxTitleTokens, maxAbstractTokens, tokenBudget } = proposeLimits(titles, abstracts, { pairs: 32, seed: 1 });
    expect(maxTitleTokens.value).toBe(32);
    expect(maxTitleTokens.reason).toBe('cuts 1.0 % of the titles: their p99 is 20 tokens, their longest 40');
    expect(maxAbstractTokens.value).toBe(384);
    expect(tokenBudget.value).toBeGreaterThanOrEqual(384);
    expect(Math.log2(tokenBudget.value) % 1).toBe(0);
    expect(tokenBudget.reason).toMatch(/a batch of 32 pairs takes \d+ micro-batches with [\d.]+ % padding/);
  });

  it('takes the longest text where it exceeds every candidate', () => {
    expect(proposeLimits([5, 5], [20_000, 30_000], { pairs: 2, seed: 1 }).maxAbstractTokens.value).toBe(30_000);
  });
});

const FIXTURE = fileURLToPath(new URL('../fixtures/tokenizer', import.meta.url));

describe('tokenStatistics', () => {
  it('measures whole texts, prompt included', async () => {
    const papers = [
      { title: 'Black holes', abstract: 'A rotating black hole drags the frames.' },
      { title: 'Training', abstract: 'Gradients are averaged over the batch. '.repeat(30) },
    ];
    const { encode } = await loadTokenizer(FIXTURE);
    const ids = await tokenizePapers(FIXTURE, papers, { prompt: 'query: ' });
    expect(ids.map(({ title, abstract }) => [[...title], [...abstract]])).toEqual(
      papers.map(({ title, abstract }) => [[...encode(`query: ${title}`)], [...encode(abstract)]]),
    );
    const statistics = tokenStatistics(['a', 'b'], ids, { maxAbstractTokens: 64, tokenBudget: 128, pairs: 2, seed: 1 });
    expect(statistics.abstracts.summaries[0]?.max).toBe(ids[1]?.abstract.length);
    expect(statistics.titles.summaries.map((summary) => summary.topic)).toEqual(['all', 'a', 'b']);
    expect(statistics.padding).toHaveLength(4);
  });

  const snapshot = fileURLToPath(new URL('../../../shared/data/arxiv-metadata-snapshot.jsonl.gz', import.meta.url));
  const qwen = fileURLToPath(new URL('../../../shared/data/qwen2.5-tokenizer', import.meta.url));
  it.skipIf(!existsSync(snapshot) || !existsSync(qwen))('proposes for arXiv what its abstracts need', async () => {
    const papers = gunzipSync(readFileSync(snapshot))
      .toString()
      .split('\n', 600)
      .map((line) => JSON.parse(line) as { title: string; abstract: string; categories: string });
    const ids = await tokenizePapers(qwen, papers);
    const topics = papers.map((paper) => paper.categories.split(' ')[0] as string);
    const { abstracts, padding, proposal } = tokenStatistics(topics, ids, {
      maxAbstractTokens: 512,
      tokenBudget: 4096,
      pairs: 128,
      seed: 1,
    });
    expect(abstracts.summaries[0]?.p99).toBeGreaterThan(380);
    expect(abstracts.summaries[0]?.p99).toBeLessThan(460);
    expect(proposal.maxAbstractTokens.value).toBe(512);
    expect(proposal.maxTitleTokens.value).toBeLessThanOrEqual(64);
    expect(padding.find((waste) => waste.strategy === 'token budget in a batch')?.waste).toBeLessThan(0.06);
  });
});
