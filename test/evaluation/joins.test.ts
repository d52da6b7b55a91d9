/** What of corpus, queries and judgements does not fit together is counted and said, and an error where nothing does. */
import { describe, expect, it } from 'vitest';
import { reportSummary } from '../../lib/display/terminal/report-tables.js';
import { type EvaluateOptions, evaluate } from '../../lib/evaluation/evaluate.js';
import { evaluateRun } from '../../lib/evaluation/evaluate-run.js';
import { resolveConfig } from '../../lib/index.js';
import { bm25System } from '../../lib/retrieval/systems/bm25.js';
import type { EmbeddingModel } from '../../lib/retrieval/systems/embedding-model.js';
import { embeddingSystem } from '../../lib/retrieval/systems/embedding-system.js';

const config = resolveConfig({ settings: ['evaluation.metrics=["ndcg@10"]', 'evaluation.bootstrapSamples=100'] });
const documents = (texts: string[]) => texts.map((text, i) => ({ id: `d${i}`, text, topic: 'constructor' }));
const corpus = documents(['black holes', 'white dwarfs', 'neutron stars']);
const judge = (pairs: [string, string[]][]) => new Map(pairs.map(([q, d]) => [q, new Map(d.map((id) => [id, 1]))]));

function run(over: Partial<EvaluateOptions>) {
  const said: string[] = [];
  const result = evaluate({
    config,
    corpus,
    queries: [{ id: 'q0', text: 'black holes', topic: '__proto__' }],
    qrels: judge([['q0', ['d0']]]),
    systems: [bm25System()],
    onMessage: ({ text }) => said.push(text),
    ...over,
  });
  return result.then(({ report, scores }) => ({ report, scores, said: said.join('\n') }));
}

describe('joins', () => {
  it('are all counted and said, in report and table', async () => {
    const { report, said } = await run({
      corpus: [...corpus, { id: 'empty', text: ' \n\u200b' }],
      queries: [
        { id: 'q0', text: 'black holes' },
        { id: 'blank', text: '' },
        { id: 'unjudged', text: 'stars' },
      ],
      qrels: judge([
        ['q0', ['d0', 'absent']],
        ['blank', ['empty']],
        ['nowhere', ['d1']],
      ]),
    });
    expect(report.joins).toEqual({
      judgedQueries: 3,
      judgedQueriesMissing: 1,
      unjudgedQueries: 1,
      queriesWithoutRelevant: 0,
      judgedDocuments: 3,
      judgedDocumentsMissing: 1,
      emptyDocuments: 1,
      emptyQueries: 1,
    });
    // found first of two relevant: gain 1 of 1 + 1 / log2(3); the empty query counts 0
    expect(report.systems[0]!.metrics['ndcg@10']!.value).toBeCloseTo(1 / (1 + 1 / Math.log2(3)) / 2, 12);
    for (const text of [said, reportSummary(report)]) {
      expect(text).toContain('the corpus lacks 1 of 3 judged documents');
      expect(text).toContain('the queries lack 1 of 3 judged queries');
      expect(text).toContain('1 query without judgements is left out');
      expect(text).toContain('1 document has no text: no system finds it');
      expect(text).toContain('1 query has no text: it counts 0');
    }
  });

  it('that are complete say nothing', async () => {
    const { report, said } = await run({});
    expect(said).toBe('');
    expect(report.joins).toMatchObject({ judgedQueriesMissing: 0, judgedDocumentsMissing: 0, emptyDocuments: 0 });
  });

  it('of nothing are an error that shows ids of both', async () => {
    await expect(run({ qrels: judge([['q0', ['x', 'y']]]) })).rejects.toThrow(
      /no judged document is in the corpus: the qrels have "x", the corpus "d0"/,
    );
    await expect(run({ qrels: judge([['other', ['d0']]]) })).rejects.toThrow(/no query of 1 has a judgement/);
    await expect(run({ corpus: documents(['', ' ']) })).rejects.toThrow(/no document has a text/);
    await expect(run({ queries: [{ id: 'q0', text: '\t' }] })).rejects.toThrow(/no judged query has a text/);
  });

  it('count queries to which nothing is relevant, as metrics of a run do', async () => {
    const { report, said } = await run({ qrels: new Map([['q0', new Map([['d0', 0]])]]) });
    expect(report.joins).toMatchObject({ queriesWithoutRelevant: 1 });
    expect(said).toMatch(/1 of 1 judged query has no relevant document: it counts 0/);
  });

  it('count topics that are named as methods of objects', async () => {
    const { report } = await run({});
    expect(report.corpus.categories).toEqual({ constructor: 3 });
    expect(report.topics!.map(({ topic }) => topic)).toEqual(['__proto__']);
  });
});

describe('vectors that are no embeddings', () => {
  const model = (vector: (text: string) => number[]): EmbeddingModel => ({
    name: 'mine',
    kind: 'custom',
    dimensions: 2,
    fingerprint: 'mine',
    embed: async (texts) => Float32Array.from(texts.flatMap(vector)),
  });

  it('are refused, naming system and text, and never asked of what is empty', async () => {
    const asked: string[] = [];
    const good = model((text) => {
      asked.push(text);
      return [1, text.length];
    });
    await run({ systems: [embeddingSystem(good)], corpus: [...corpus, { id: 'empty', text: '' }] });
    expect(asked).not.toContain('');
    for (const [vector, problem] of [
      [[0, 0], 'only zeros'],
      [[Number.NaN, 1], 'numbers that are not finite'],
      [[Number.POSITIVE_INFINITY, 1], 'numbers that are not finite'],
    ] as const) {
      const bad = model((text) => (text.startsWith('white') ? [...vector] : [1, 2]));
      await expect(run({ systems: [embeddingSystem(bad)] })).rejects.toThrow(
        `model "mine" gave ${problem} for the text "white dwarfs"`,
      );
    }
  });

  it('are said where all documents have the same', async () => {
    const said = async (vector: (text: string) => number[]): Promise<string> =>
      (await run({ systems: [embeddingSystem(model(vector))] })).said;
    expect(await said(() => [1, 2])).toMatch(/mine: all \d documents have the same embedding/);
    expect(await said((text) => [1, text.length])).not.toMatch(/the same embedding/);
  });
});

describe('scores that are no numbers', () => {
  it('are refused instead of ranked at random', () => {
    const found = (score: number) => new Map([['q0', [{ id: 'd0', score }]]]);
    for (const score of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(() => evaluateRun(found(score), judge([['q0', ['d0']]]), ['mrr@10'], { seed: 1 })).toThrow(
        /query "q0", document "d0": the score .* is not finite/,
      );
    }
  });
});

describe('texts that the tokenizer makes nothing of', () => {
  /** Knows the letters a and b; everything else has no tokens. */
  const model: EmbeddingModel = {
    name: 'untuned',
    kind: 'untuned',
    dimensions: 2,
    fingerprint: 'letters',
    leavesOut: true,
    embed: async (texts) =>
      Float32Array.from(texts.flatMap((text) => [text.split('a').length - 1, text.split('b').length - 1])),
  };

  it('are found by nobody, find nothing, and are counted', async () => {
    const { report, scores, said } = await run({
      corpus: documents(['aa', 'bb', '\u{1F937}']),
      queries: [
        { id: 'q0', text: 'a' },
        { id: 'q1', text: '\u{1F937}' },
      ],
      qrels: judge([
        ['q0', ['d0']],
        ['q1', ['d2']],
      ]),
      systems: [embeddingSystem(model)],
    });
    expect([...(scores.get('untuned')?.values['ndcg@10'] ?? [])]).toEqual([1, 0]);
    expect(report.systems[0]?.withoutTokens).toEqual({ documents: 1, queries: 1 });
    expect(said).toMatch(/makes nothing of 1 document, which it does not find, and 1 query, which counts 0/);
    expect(reportSummary(report)).toMatch(/untuned: 1 document without a token is not found/);
  });

  it('end the evaluation where that is every document', async () => {
    const all = run({ corpus: documents(['\u{1F937}', 'x']), systems: [embeddingSystem(model)] });
    await expect(all).rejects.toThrow(/makes nothing of any document/);
  });

  it('zeros of a model that does not leave out texts are no embedding', async () => {
    const service = { ...model, leavesOut: false };
    const all = run({ corpus: documents(['aa', 'xx']), systems: [embeddingSystem(service)] });
    await expect(all).rejects.toThrow(/gave only zeros for the text "xx"/);
  });
});

describe('runs and judgements', () => {
  const evaluated = (documents: string[], grades: Record<string, number>) => {
    const said: string[] = [];
    const ranking = documents.map((id, i) => ({ id, score: 9 - i }));
    const judged = new Map([['q', new Map(Object.entries(grades))]]);
    const onMessage = ({ text }: { text: string }) => said.push(text);
    const result = evaluateRun(new Map([['q', ranking]]), judged, ['mrr@10'], { seed: 1, samples: 100, onMessage });
    return { result, said: said.join('\n') };
  };

  it('that name documents in two ways are told of', () => {
    const { result, said } = evaluated(['doc7', 'doc8'], { 7: 1 });
    expect(result.joins).toMatchObject({ results: 2, resultsJudged: 0, judgedDocumentsNotFound: 1 });
    expect(said).toMatch(/no result of 2 is a judged document/);
  });

  it('without a relevant document are told of', () => {
    expect(evaluated(['a'], { a: 0, b: -1 }).said).toMatch(/1 of 1 judged query has no relevant document: it counts 0/);
    expect(evaluated(['a'], { a: 1, b: 0 }).said).toBe('');
  });
});
