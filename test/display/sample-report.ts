/**
 * A report as a run on about 2,000 papers would leave it: plausible numbers, drawn with a fixed seed, and titles with
 * characters that break careless pages.
 */
import { resolveConfig } from '../../lib/config/config.js';
import { Random } from '../../lib/core/random.js';
import type {
  Comparison,
  MetricValue,
  Report,
  RetrievalExample,
  SystemReport,
  TrainingStep,
} from '../../lib/evaluation/report.js';

export const TOPICS = [
  'gr-qc',
  'hep-th',
  'astro-ph.CO',
  'math-ph',
  'cond-mat.stat-mech',
  'cs.LG',
  'cs.AI',
  'stat.ML',
  'q-bio',
];
const PAPERS = [412, 260, 240, 190, 170, 260, 200, 140, 128];
const TYPICAL_LENGTH = [190, 165, 210, 150, 175, 205, 195, 185, 230];

const TITLES = [
  'Quasinormal modes of <i>regular</i> black holes & their shadows',
  'A $\\Lambda$CDM-free test of $H_0$ < 70 km/s/Mpc with "standard sirens"',
  'On the \\emph{thermodynamics} of Kerr–Newman–AdS space-times',
  'Loop quantum cosmology: from the bounce to the CMB',
  'Gravitational-wave memory in scalar-tensor theories',
  "Penrose's inequality for spherically symmetric initial data",
  'Primordial black holes from an ultra-slow-roll phase of inflation',
  'Tidal deformability of neutron stars in $f(R)$ gravity',
];

export function sampleReport(): Report {
  const random = new Random(7, 'sample report');
  const systems: SystemReport[] = [
    system('untuned', 'untuned', 384, 0.861, random),
    system('tuned', 'tuned', 384, 0.893, random),
    system('bm25', 'bm25', null, 0.902, random),
    system('hybrid', 'hybrid', null, 0.921, random),
  ];
  return {
    schemaVersion: 1,
    config: resolveConfig({
      preset: 'sample',
      input: { encoder: { model: 'sample' }, evaluation: { queries: 'main' } },
    }),
    corpus: {
      documents: 402,
      queries: 160,
      categories: Object.fromEntries(TOPICS.map((topic, i) => [topic, Math.round(PAPERS[i]! / 5)])),
    },
    systems,
    comparisons: [
      difference('tuned', 'untuned', 'mrr@10', 0.032, 0.021, 0.0008),
      difference('tuned', 'bm25', 'mrr@10', -0.009, 0.022, 0.41),
      difference('hybrid', 'tuned', 'mrr@10', 0.028, 0.017, 0.004),
      difference('hybrid', 'bm25', 'mrr@10', 0.019, 0.015, 0.021),
      difference('tuned', 'untuned', 'ndcg@10', 0.027, 0.018, 0.002),
      difference('tuned', 'bm25', 'ndcg@10', -0.006, 0.02, 0.52),
    ],
    skipped: [
      { name: 'openai:text-embedding-3-small', reason: 'OPENAI_API_KEY is not set; set it and run "evaluate" again' },
    ],
    environment: {
      node: 'v20.20.2',
      platform: 'linux x64',
      processor: 'AMD EPYC 9B14',
      cores: 2,
      engine: 'onnx',
      'memory (GB)': 23.5,
    },
    recallCurves: systems.map(({ name, metrics }) => ({ system: name, ...recallCurve(metrics['success@1']!.value) })),
    confusion: [confusion('tuned', 0.93, random), confusion('untuned', 0.88, random), confusion('bm25', 0.94, random)],
    examples: ['tuned', 'untuned', 'bm25'].map((name) => ({
      system: name,
      hits: [0, 1, 2, 3].map((i) => example(i, 1)),
      misses: [4, 5, 6].map((i) => example(i, [3, 12, null][i - 4] ?? null)),
    })),
    topics: systems.flatMap(({ name, metrics }) =>
      TOPICS.slice(0, 2).map((topic, i) => ({ topic, system: name, queries: 80 - 20 * i, metrics })),
    ),
    lexicalOverlap: (['low', 'middle', 'high'] as const).flatMap((third, i) =>
      systems.map(({ name, metrics }) => ({
        third,
        from: [0.2, 0.75, 1][i]!,
        to: [0.714, 0.9, 1][i]!,
        system: name,
        queries: [54, 50, 56][i]!,
        metrics,
      })),
    ),
    tokens: tokenLengths(random),
    training: trainingHistory(120, random),
    batches: [
      { role: 'main', target: 0.5, actual: 0.484 },
      { role: 'soft', target: 0.2, actual: 0.209 },
      { role: 'hard', target: 0.15, actual: 0.152 },
      { role: 'cross-domain', target: 0.1, actual: 0.104 },
      { role: 'different', target: 0.05, actual: 0.051 },
    ],
  };
}

function system(
  name: string,
  kind: SystemReport['kind'],
  dimensions: number | null,
  mrr: number,
  random: Random,
): SystemReport {
  const around = (value: number): MetricValue => {
    const half = 0.018 + 0.006 * random.uniform();
    return { value, low: Math.max(0, value - half), high: Math.min(1, value + half * 0.92) };
  };
  return {
    name,
    kind,
    dimensions,
    metrics: {
      'success@1': around(mrr - 0.045),
      'mrr@10': around(mrr),
      'ndcg@10': around(mrr + 0.018),
      'recall@1': around(mrr - 0.045),
      'recall@5': around(mrr + 0.04),
      'recall@10': around(mrr + 0.06),
      'recall@50': around(0.99),
      'precision@1': around(mrr - 0.045),
      'precision@10': around((mrr + 0.06) / 10),
    },
    timing: { embedSeconds: dimensions === null ? 0 : 9.4, indexSeconds: 0.012, searchSeconds: 0.031 },
  };
}

function difference(a: string, b: string, metric: string, value: number, half: number, p: number): Comparison {
  return { a, b, metric, difference: value, low: value - half, high: value + half, p };
}

function recallCurve(first: number): { k: number[]; recall: number[] } {
  const k = [1, 2, 3, 5, 10, 20, 50, 100];
  return { k, recall: k.map((at) => 1 - (1 - first) * at ** -0.72) };
}

function confusion(name: string, right: number, random: Random): Report['confusion'][number] {
  const rows = TOPICS.slice(0, 5);
  const counts = rows.map((row, r) => {
    const of = Math.round(PAPERS[r]! / 5);
    const line = TOPICS.map(() => 0);
    for (let i = 0; i < of; i++) {
      const near = Math.min(
        TOPICS.length - 1,
        Math.max(0, r + (random.uniform() < 0.7 ? 1 : -1) * (1 + random.integer(2))),
      );
      const column = random.uniform() < right ? TOPICS.indexOf(row) : near;
      line[column] = (line[column] ?? 0) + 1;
    }
    return line;
  });
  return { system: name, rows, columns: TOPICS, counts };
}

function example(i: number, rank: number | null): RetrievalExample {
  const own = { id: `2104.${10000 + i}`, title: TITLES[i]!, topic: 'gr-qc', score: 0.842 - 0.02 * (rank ?? 0) };
  const found = [0, 1, 2, 3, 4].map((j) => {
    const other = (i + 1 + j) % TITLES.length;
    return { id: `2104.${20000 + other}`, title: TITLES[other]!, topic: TOPICS[(i + j) % 3]!, score: 0.83 - 0.02 * j };
  });
  if (rank !== null && rank <= 5) found[rank - 1] = own;
  return { queryId: own.id, query: TITLES[i]!, topic: 'gr-qc', rank, found };
}

function tokenLengths(random: Random): NonNullable<Report['tokens']> {
  const binWidth = 16;
  const binStarts = Array.from({ length: 32 }, (_, bin) => bin * binWidth);
  const countsByTopic: Record<string, number[]> = {};
  const summaries = TOPICS.map((topic, t) => {
    const lengths = Array.from({ length: PAPERS[t]! }, () =>
      Math.min(
        binStarts.length * binWidth - 1,
        Math.max(24, Math.round(TYPICAL_LENGTH[t]! * Math.exp(0.42 * random.normal()))),
      ),
    ).sort((a, b) => a - b);
    const counts = binStarts.map(() => 0);
    for (const length of lengths) counts[Math.floor(length / binWidth)]!++;
    countsByTopic[topic] = counts;
    const at = (share: number): number => lengths[Math.min(lengths.length - 1, Math.floor(share * lengths.length))]!;
    return {
      topic,
      count: lengths.length,
      min: at(0),
      median: at(0.5),
      p90: at(0.9),
      p95: at(0.95),
      p99: at(0.99),
      max: at(1),
      truncated: [],
    };
  });
  return { summaries, histogram: { binStarts, binWidth, countsByTopic }, maxAbstractTokens: 128 };
}

export function trainingHistory(count: number, random: Random): NonNullable<Report['training']> {
  const steps = Array.from({ length: count }, (_, i): TrainingStep => {
    const share = (i + 1) / count;
    return {
      step: i + 1,
      loss: 0.32 + 1.9 * Math.exp(-5 * share) + 0.07 * random.normal(),
      learningRate: 2e-3 * Math.min(share / 0.05, (1 - share) / 0.95 + 1e-3),
      gradientNorm: Math.exp(0.9 * Math.exp(-3 * share) - 0.3 + 0.25 * random.normal()),
      tokensPerSecond: 5200 + 350 * random.normal() - (i === 0 ? 2600 : 0),
    };
  });
  const validations = steps
    .filter(({ step }) => step % 10 === 0)
    .map(({ step }) => ({ step, mrr: 0.895 - 0.05 * Math.exp((-4 * step) / count) + 0.002 * random.normal() }));
  return { steps, validations };
}
