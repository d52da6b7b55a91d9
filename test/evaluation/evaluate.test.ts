import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Config, resolveConfig } from '../../lib/config/config.js';
import { Random } from '../../lib/core/random.js';
import { metricTable, reportSummary } from '../../lib/display/terminal/report-tables.js';
import { type EvaluateOptions, evaluate } from '../../lib/evaluation/evaluate.js';
import { randomizationTest } from '../../lib/evaluation/statistics/randomization.js';
import { bm25System } from '../../lib/retrieval/systems/bm25.js';
import { cachedModel } from '../../lib/retrieval/systems/cached-model.js';
import type { EmbeddingModel } from '../../lib/retrieval/systems/embedding-model.js';
import { embeddingSystem } from '../../lib/retrieval/systems/embedding-system.js';
import { chooseFusion, fuseRuns } from '../../lib/retrieval/systems/fusion.js';
import { hybridSystem } from '../../lib/retrieval/systems/hybrid.js';
import type { RetrievalSystem } from '../../lib/retrieval/systems/retrieval-system.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evaluate-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const topics = ['gr-qc', 'hep-th', 'q-bio'];
const words = Array.from({ length: 40 }, (_, i) => `word${String.fromCharCode(97 + (i % 26))}${i}`);
/** Papers whose titles share some words with their own abstract and some with others. */
const papers = Array.from({ length: 60 }, (_, i) => {
  const random = new Random(i, 'paper');
  const abstract = Array.from({ length: 14 }, () => random.pick(words));
  const title = [...abstract.slice(0, 2), random.pick(words), random.pick(words)];
  return { id: `p${i}`, text: abstract.join(' '), title: title.join(' '), topic: topics[i % 3] as string };
});
const corpus = papers;
const queries = papers.map(({ id, title, topic }) => ({ id, text: title, topic }));
const qrels = new Map(papers.map(({ id }) => [id, new Map([[id, 1]])]));
const metrics = ['mrr@10', 'recall@1', 'recall@10', 'precision@10', 'ndcg@10', 'success@1'];

function config(over: Partial<Config['evaluation']> = {}): Config {
  return resolveConfig({ input: { seed: 5, evaluation: { metrics, bootstrapSamples: 300, ...over } } });
}

/** Bags of words, with noise: a good model with little, a bad one with much. */
function bagModel(name: 'tuned' | 'untuned', noise: number): EmbeddingModel & { embedded: number } {
  const model = {
    name,
    kind: name,
    dimensions: words.length,
    fingerprint: `${name} ${noise}`,
    embedded: 0,
    async embed(texts: string[]) {
      model.embedded += texts.length;
      return Float32Array.from(
        texts.flatMap((text) => {
          const random = new Random(1, name, text);
          return words.map((word) => text.split(' ').filter((each) => each === word).length + noise * random.normal());
        }),
      );
    },
  };
  return model;
}

function run(systems: RetrievalSystem[], over: Partial<EvaluateOptions> = {}) {
  return evaluate({ config: config(), corpus, queries, qrels, systems, ...over });
}

describe('the report', () => {
  it('has every system with metrics, intervals, timing, curves, confusion, examples and topics', async () => {
    const { report, runs, scores } = await run(
      [embeddingSystem(bagModel('untuned', 1.5)), embeddingSystem(bagModel('tuned', 0.1)), bm25System()],
      { skipped: [{ name: 'openai', reason: 'OPENAI_API_KEY is not set' }], environment: { node: 'v20' } },
    );
    expect(report).toMatchObject({
      schemaVersion: 1,
      corpus: { documents: 60, queries: 60, categories: { 'gr-qc': 20, 'hep-th': 20, 'q-bio': 20 } },
      skipped: [{ name: 'openai', reason: 'OPENAI_API_KEY is not set' }],
      environment: { node: 'v20' },
    });
    expect(report.systems.map(({ name, kind, dimensions }) => [name, kind, dimensions])).toEqual([
      ['untuned', 'untuned', 40],
      ['tuned', 'tuned', 40],
      ['bm25', 'bm25', null],
    ]);
    for (const system of report.systems) {
      expect(Object.keys(system.metrics)).toEqual(metrics);
      for (const { value, low, high } of Object.values(system.metrics)) {
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
      }
      const { 'precision@10': precision, 'recall@10': recall, 'recall@1': first, 'success@1': hit } = system.metrics;
      expect(precision!.value).toBeCloseTo(recall!.value / 10, 12);
      expect(first).toEqual(hit);
      expect(Math.min(...Object.values(system.timing))).toBeGreaterThanOrEqual(0);
    }
    // the mean in the report is the mean of the values of the queries
    const values = scores.get('tuned')!.values['mrr@10']!;
    expect(report.systems[1]!.metrics['mrr@10']!.value).toBeCloseTo(values.reduce((a, b) => a + b) / 60, 12);
    expect(runs.get('bm25')!.get('p0')![0]).toHaveProperty('score');

    for (const { system, k, recall } of report.recallCurves) {
      const recorded = report.systems.find(({ name }) => name === system)!.metrics;
      expect(recall[k.indexOf(10)]).toBeCloseTo(recorded['recall@10']!.value, 12);
      expect(recall.every((value, i) => i === 0 || value >= recall[i - 1]!)).toBe(true);
      expect(Math.max(...k)).toBeLessThanOrEqual(60);
    }
    for (const { rows, columns, counts } of report.confusion) {
      expect(rows).toEqual(topics);
      expect(counts.map((line) => line.reduce((a, b) => a + b))).toEqual([20, 20, 20]);
      expect(columns.length).toBe(counts[0]!.length);
    }
    const { hits, misses } = report.examples.find(({ system }) => system === 'untuned')!;
    expect(hits.every(({ rank, found, queryId }) => rank === 1 && found[0]!.id === queryId)).toBe(true);
    expect(misses.every(({ rank }) => rank !== 1)).toBe(true);
    expect(misses.length).toBeGreaterThan(0);
    expect(report.topics).toHaveLength(9);
    expect(report.topics!.every(({ queries: count }) => count === 20)).toBe(true);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('compares all pairs, the tuned system first, and finds a real difference but not an absent one', async () => {
    const twin = { ...bagModel('tuned', 0.1), name: 'bag', kind: 'transformers' as const };
    const { report } = await run([
      embeddingSystem(bagModel('untuned', 3)),
      embeddingSystem(bagModel('tuned', 0.1)),
      embeddingSystem(twin),
    ]);
    const of = (a: string, b: string) =>
      report.comparisons.find((c) => c.a === a && c.b === b && c.metric === 'mrr@10')!;
    expect(report.comparisons).toHaveLength(3 * metrics.length);
    const gain = of('tuned', 'untuned');
    const [untuned, tuned] = report.systems.map((system) => system.metrics['mrr@10']!.value);
    expect(gain.difference).toBeCloseTo(tuned! - untuned!, 12);
    expect(gain.low).toBeGreaterThan(0);
    expect(gain.p).toBeLessThan(0.01);
    expect(of('tuned', 'bag')).toMatchObject({ difference: 0, low: 0, high: 0, p: 1 });
  });

  it('corrects p over the pairs of systems within a metric: another metric changes nothing', async () => {
    const systems = (): RetrievalSystem[] => [
      embeddingSystem(bagModel('untuned', 1.2)),
      embeddingSystem(bagModel('tuned', 0.9)),
      bm25System(),
    ];
    const alone = await run(systems(), { config: config({ metrics: ['mrr@10'] }) });
    const beside = await run(systems(), { config: config({ metrics: ['mrr@10', 'recall@1', 'ndcg@10', 'map@100'] }) });
    const ofMrr = beside.report.comparisons.filter(({ metric }) => metric === 'mrr@10');
    expect(ofMrr).toEqual(alone.report.comparisons);
    // and it is Holm's: the smallest p counts three times, as there are three pairs
    const raw = Array.from({ length: 3 }, (_, i) => alone.report.comparisons[i]!).map(({ a, b }) => {
      const [first, second] = [a, b].map((name) => alone.scores.get(name)!.values['mrr@10']!);
      return randomizationTest(
        first!.map((value, i) => value - second![i]!),
        { seed: 5 },
        a,
        b,
        'mrr@10',
      );
    });
    expect(Math.min(...ofMrr.map(({ p }) => p))).toBeCloseTo(Math.min(1, 3 * Math.min(...raw)), 12);
  });

  it('says for how many queries a metric is undefined', async () => {
    // nothing but query words that no document has: BM25 finds nothing, and ragas' precision has no value
    const asked = [...queries.slice(0, 5), ...['x', 'y'].map((id) => ({ id, text: 'nowhere' }))];
    const judged = new Map([...qrels, ['x', new Map([['p1', 1]])], ['y', new Map([['p2', 1]])]]);
    const { report } = await run([bm25System()], {
      queries: asked,
      qrels: judged,
      config: config({ metrics: ['ragas-precision@10', 'ragas-recall@10', 'ndcg-exp@10', 'rprecision'] }),
    });
    const { metrics: found } = report.systems[0]!;
    expect(found['ragas-precision@10']!.undefinedQueries).toBe(2);
    // ten were found for each of the five: a tenth of its recall, which counts the two others as 0
    expect(found['ragas-precision@10']!.value).toBeCloseTo((found['ragas-recall@10']!.value * 7) / 5 / 10, 12);
    expect(found['ragas-recall@10']).not.toHaveProperty('undefinedQueries');
    expect(found.rprecision!.value).toBeLessThanOrEqual(5 / 7);
    expect(metricTable(report)).toContain('bm25: ragas precision@10 is undefined for 2 queries');
  });

  it('is the same for the same seed', async () => {
    const systems = () => [bm25System(), embeddingSystem(bagModel('tuned', 0.5))];
    const timeless = async () => {
      const { report } = await run(systems());
      return { ...report, systems: report.systems.map(({ timing, ...system }) => system) };
    };
    expect(await timeless()).toEqual(await timeless());
  });
});

describe('re-running is cheap', () => {
  it('another k, metric, system or index embeds nothing', async () => {
    const model = bagModel('tuned', 0.2);
    const system = () => embeddingSystem(cachedModel(model, { folder }), { indexFolder: join(folder, 'index') });
    await run([system()]);
    const once = model.embedded;
    expect(once).toBe(120);
    const again = await run([system(), bm25System()], { config: config({ metrics: ['recall@3', 'map@50'] }) });
    await run([embeddingSystem(cachedModel(model, { folder }), { index: 'hnsw' })]);
    expect(model.embedded).toBe(once);
    expect(Object.keys(again.report.systems[0]!.metrics)).toEqual(['recall@3', 'map@50']);
  });

  it('a changed model embeds again, and its index is built anew', async () => {
    const indexFolder = join(folder, 'index');
    await run([embeddingSystem(cachedModel(bagModel('tuned', 0.2), { folder }), { indexFolder })]);
    const changed = bagModel('tuned', 0.3);
    const { runs } = await run([embeddingSystem(cachedModel(changed, { folder }), { indexFolder })]);
    expect(changed.embedded).toBe(120);
    const fresh = await run([embeddingSystem(bagModel('tuned', 0.3))]);
    expect(runs).toEqual(fresh.runs);
  });
});

describe('hybrids', () => {
  it('add the reciprocals of ranks', () => {
    const a = new Map([['q', ['x', 'y'].map((id, i) => ({ id, score: -i }))]]);
    const b = new Map([['q', ['z', 'x'].map((id, i) => ({ id, score: -i }))]]);
    const fused = fuseRuns(a, b, 10, { method: 'reciprocal-rank', k: 60 }).get('q')!;
    expect(fused.map(({ id }) => id)).toEqual(['x', 'z', 'y']);
    expect(fused[0]!.score).toBeCloseTo(1 / 61 + 1 / 62, 7);
    expect(fused[2]!.score).toBeCloseTo(1 / 62, 7);
    expect(fuseRuns(a, b, 1).get('q')).toHaveLength(1);
  });

  it('add weighted scores, each as a share of the best of its query', () => {
    const a = new Map([
      [
        'q',
        [
          { id: 'x', score: 20 },
          { id: 'y', score: 10 },
        ],
      ],
    ]);
    const b = new Map([
      [
        'q',
        [
          { id: 'y', score: 0.8 },
          { id: 'z', score: 0.4 },
        ],
      ],
    ]);
    const fused = fuseRuns(a, b, 10, { method: 'weighted-sum', weight: 0.75 }).get('q')!;
    const scores = new Map(fused.map(({ id, score }) => [id, score]));
    expect(scores.get('y')).toBeCloseTo(0.25 * 0.5 + 0.75 * 1, 6);
    // what a run did not find counts as much as its last
    expect(scores.get('x')).toBeCloseTo(0.25 * 1 + 0.75 * 0.5, 6);
    expect(scores.get('z')).toBeCloseTo(0.25 * 0.5 + 0.75 * 0.5, 6);
    expect(fused.map(({ id }) => id)).toEqual(['y', 'x', 'z']);
  });

  it('choose the fusion on validation queries alone', async () => {
    const good = new Map(
      ['1', '2', '3'].map((id) => [
        id,
        [
          { id, score: 1 },
          { id: 'other', score: 0.2 },
        ],
      ]),
    );
    const bad = new Map(
      ['1', '2', '3'].map((id) => [
        id,
        [
          { id: 'other', score: 9 },
          { id, score: 1 },
        ],
      ]),
    );
    const relevant = new Map(['1', '2', '3'].map((id) => [id, new Map([[id, 1]])]));
    expect(chooseFusion(bad, good, relevant, 10)).toEqual({
      fusion: { method: 'weighted-sum', weight: 0.6 },
      mrr: 1,
      queries: 3,
    });
    expect(chooseFusion(good, bad, relevant, 10).mrr).toBe(1);

    const said: string[] = [];
    const half = (from: number) => corpus.slice(from, from + corpus.length / 2);
    const ask = (documents: typeof corpus) =>
      queries.filter(({ id }) => documents.some((document) => qrels.get(id)?.has(document.id)));
    const [tested, validated] = [half(0), half(corpus.length / 2)];
    const validation = {
      corpus: validated,
      queries: ask(validated),
      qrels: new Map(ask(validated).map(({ id }) => [id, qrels.get(id)!])),
    };
    const onMessage = ({ text }: { text: string }) => said.push(text);
    const dense = embeddingSystem(bagModel('tuned', 0.5));
    await run([hybridSystem(bm25System(), dense, 'hybrid')], {
      corpus: tested,
      queries: ask(tested),
      validation,
      onMessage,
    });
    expect(said.join()).toMatch(new RegExp(`hybrid: .* chosen on ${validation.queries.length} validation queries`));
  });

  it('use what their parts found, once', async () => {
    const model = bagModel('tuned', 0.5);
    const [dense, words] = [embeddingSystem(model), bm25System()];
    const { report, runs } = await run([dense, hybridSystem(words, dense, 'hybrid')]);
    expect(model.embedded).toBe(120);
    expect(report.systems.map(({ name, kind }) => [name, kind])).toEqual([
      ['tuned', 'tuned'],
      ['hybrid', 'hybrid'],
    ]);
    const { runs: alone } = await run([bm25System()]);
    expect(runs.get('hybrid')).toEqual(fuseRuns(alone.get('bm25')!, runs.get('tuned')!, 60));
    // nothing to choose by: equal weights, and the report says so
    const half = { method: 'weighted-sum', weight: 0.5 } as const;
    expect(runs.get('hybrid')).toEqual(fuseRuns(alone.get('bm25')!, runs.get('tuned')!, 60, half));
    expect(report.systems[1]!.fusion).toEqual({
      fusion: half,
      description: 'weighted sum, 0.5 of tuned',
      chosenOn: null,
    });
    expect(reportSummary(report)).toContain('hybrid: weighted sum, 0.5 of tuned, the default');
  });
});

describe('what goes wrong', () => {
  const broken = (optional: boolean): RetrievalSystem => ({
    name: 'service',
    kind: 'openai',
    optional,
    retrieve: async () => {
      throw new Error('service is away');
    },
  });

  it('an optional system that fails is skipped with its reason, as are hybrids of it', async () => {
    const said: string[] = [];
    const service = broken(true);
    const { report } = await run([service, bm25System(), hybridSystem(bm25System(), service)], {
      onMessage: ({ text }) => said.push(text),
    });
    expect(report.systems.map(({ name }) => name)).toEqual(['bm25']);
    expect(report.skipped).toEqual([
      { name: 'service', reason: 'service is away' },
      { name: 'bm25+service', reason: 'service is away' },
    ]);
    expect(said.join()).toContain('service is left out: service is away');
  });

  it('another failure ends the evaluation; so does having no system', async () => {
    await expect(run([broken(false), bm25System()])).rejects.toThrow('service is away');
    await expect(run([broken(true)])).rejects.toMatchObject({ exitCode: 1, message: /no system could be evaluated/ });
    await expect(run([])).rejects.toThrow(/no system could be evaluated/);
    await expect(run([bm25System(), bm25System()])).rejects.toThrow(/"bm25" is listed twice/);
  });

  it('empty or unjudged input is a clear error', async () => {
    await expect(run([bm25System()], { corpus: [] })).rejects.toThrow(/corpus is empty/);
    await expect(run([bm25System()], { qrels: new Map() })).rejects.toThrow(/no query of 60 has a judgement/);
  });

  it('an interruption passes through, also of optional systems', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(run([bm25System()], { signal: controller.signal })).rejects.toMatchObject({ exitCode: 130 });
  });
});

describe('judgements', () => {
  it('queries without are left out; documents with the id of the query are dropped where asked', async () => {
    const some = new Map([...qrels].slice(0, 10));
    const { report } = await run([bm25System()], { qrels: some });
    expect(report.corpus.queries).toBe(10);
    const { runs } = await run([bm25System()], { dropSelf: true });
    for (const [id, found] of runs.get('bm25')!) expect(found.some((each) => each.id === id)).toBe(false);
  });
});

it('documents and queries without text are found by nobody, and said', async () => {
  const messages: string[] = [];
  const few = papers.slice(0, 4);
  const { report } = await evaluate({
    config: config({ systems: ['bm25'] }),
    corpus: [...few, { id: 'empty', text: ' ', title: '', topic: 'gr-qc' }],
    queries: [...few.map(({ id, text }) => ({ id, text })), { id: 'silent', text: '' }, { id: 'lost', text: 'word' }],
    qrels: new Map([
      ...few.map(({ id }): [string, Map<string, number>] => [id, new Map([[id, 1]])]),
      ['silent', new Map([[few[0]?.id as string, 1]])],
      ['lost', new Map([['empty', 1]])],
    ]),
    systems: [bm25System()],
    onMessage: ({ text }) => messages.push(text),
  });
  expect(messages.join('; ')).toMatch(/1 documents? ha(ve|s) no text.*1 quer(ies|y) ha(ve|s) no text/);
  // four of six queries find their own text first
  expect(report.systems[0]?.metrics['mrr@10']?.value).toBeCloseTo(4 / 6, 12);
});

describe('documents in fewer bits', () => {
  const run = async (over: Partial<Config['evaluation']>) => {
    const options = {
      config: config(over),
      corpus,
      queries,
      qrels,
      systems: [embeddingSystem(bagModel('tuned', 0.1))],
    };
    return (await evaluate(options)).report;
  };

  it('are reported with their memory and what they lose, full precision first', async () => {
    const report = await run({ quantization: ['int8', 'binary'], rescoringMultiplier: 3 });
    const rows = report.quantization ?? [];
    expect(rows.map(({ precision, candidates }) => [precision, candidates])).toEqual([
      ['float32', 0],
      ['int8', 0],
      ['int8', 30],
      ['binary', 0],
      ['binary', 30],
    ]);
    expect(rows.map(({ bytesPerVector }) => bytesPerVector)).toEqual([160, 40, 40, 5, 5]);
    expect(rows.map(({ bytes }) => bytes)).toEqual([9600, 2400 + 320, 2400 + 320, 300, 300]);
    const [full, int8, , binary, rescored] = rows.map((row) => row.metrics['ndcg@10']?.value as number);
    expect(full).toBeCloseTo(report.systems[0]?.metrics['ndcg@10']?.value as number, 9);
    expect(Math.abs((int8 as number) - (full as number))).toBeLessThan(0.02);
    expect(rescored as number).toBeGreaterThan(binary as number);
    for (const { metrics: values, differences } of rows) {
      const { value, low, high } = differences['ndcg@10'] as { value: number; low: number; high: number };
      expect(value).toBeCloseTo((values['ndcg@10']?.value as number) - (full as number), 9);
      expect(low <= value && value <= high).toBe(true);
    }
    const summary = reportSummary(report);
    expect(summary).toMatch(/binary, 30 rescored +300 bytes \(5 B each\)/);
  });

  it('are left out where nobody asks, and codes alone rank with a multiplier of 1', async () => {
    expect((await run({})).quantization).toBeUndefined();
    const { quantization = [] } = await run({ quantization: ['binary'], rescoringMultiplier: 1 });
    expect(quantization.map(({ precision, candidates }) => [precision, candidates])).toEqual([
      ['float32', 0],
      ['binary', 0],
    ]);
  });
});
