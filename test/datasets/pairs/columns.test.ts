import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../lib/config/config.js';
import { looksLikePairs, pairColumns } from '../../../lib/datasets/pairs/columns.js';
import { splitOfPath } from '../../../lib/datasets/pairs/split-names.js';

const settings = configSchema.parse({}).datasets.pairColumns;
const found = (...header: string[]) => pairColumns('f', header, settings);

describe('columns by convention', () => {
  it.each([
    [['anchor', 'positive', 'negative'], { query: 'anchor', positive: 'positive', negatives: ['negative'] }],
    [['query', 'answer'], { query: 'query', positive: 'answer', negatives: [] }],
    [['question', 'context', 'split'], { query: 'question', positive: 'context', split: 'split' }],
    [['sentence1', 'sentence2', 'score'], { query: 'sentence1', positive: 'sentence2', score: 'score' }],
    [['premise', 'hypothesis', 'score'], { query: 'premise', positive: 'hypothesis', score: 'score' }],
    [['query', 'pos', 'neg'], { query: 'query', positive: 'pos', negatives: ['neg'] }],
    [
      ['query_id', 'query', 'positive_passages', 'negative_passages'],
      { queryId: 'query_id', positive: 'positive_passages', negatives: ['negative_passages'] },
    ],
    [
      ['Query', 'Positive', 'negative_1', 'negative_2', 'negative_10'],
      { query: 'Query', positive: 'Positive', negatives: ['negative_1', 'negative_2', 'negative_10'] },
    ],
    [['query-id', 'corpus-id', 'query', 'text'], { queryId: 'query-id', documentId: 'corpus-id', positive: 'text' }],
    [['title', 'abstract'], { query: 'title', positive: 'abstract' }],
  ])('%j', (header, expected) => {
    expect(found(...header)).toMatchObject(expected);
  });

  it('yield to those that are named', () => {
    const named = { ...settings, query: 'q', negatives: ['bad'], score: 'weight' };
    expect(pairColumns('f', ['q', 'query', 'positive', 'bad', 'negative', 'weight', 'score'], named)).toMatchObject({
      query: 'q',
      positive: 'positive',
      negatives: ['bad'],
      score: 'weight',
    });
  });

  it('do not take the class of an inference for a grade', () => {
    const header = ['premise', 'hypothesis', 'label'];
    expect(() => found(...header)).toThrow(/"label" beside premises and hypotheses.*no grade.*pairColumns.score/);
    expect(pairColumns('f', header, { ...settings, score: 'label' })).toMatchObject({ score: 'label' });
  });

  it('that are missing are refused with what is there, and the nearest name', () => {
    expect(() => found('anchr', 'positive')).toThrow(
      /"f" has no column of queries, such as "anchor".*it has "anchr", "positive"; did you mean "anchor"\?.*pairColumns\.query/,
    );
    expect(() => found('query', 'id')).toThrow(/no column of documents that answer them/);
    expect(() => pairColumns('f', ['query', 'answer'], { ...settings, positive: 'anser' })).toThrow(
      /has no column "anser": it has "query", "answer"; did you mean "answer"\?/,
    );
  });

  it('tell pairs from papers', () => {
    expect(looksLikePairs(['query', 'answer'], settings)).toBe(true);
    expect(looksLikePairs(['id', 'title', 'abstract', 'categories'], settings)).toBe(false);
    expect(looksLikePairs(['title', 'text'], settings)).toBe(false);
    expect(looksLikePairs(['question', 'text'], settings)).toBe(false);
    expect(looksLikePairs(['a', 'b'], { ...settings, query: 'a', positive: 'b' })).toBe(true);
  });
});

it.each([
  ['train.jsonl', 'train'],
  ['data/train-00000-of-00001.parquet', 'train'],
  ['dev.tsv', 'validation'],
  ['validation-00000-of-00001.parquet', 'validation'],
  ['default/test/0000.parquet', 'test'],
  ['trains.jsonl', null],
  ['README.md', null],
])('%s is of the side %s', (path, side) => {
  expect(splitOfPath(path)).toBe(side);
});
