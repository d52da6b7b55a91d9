/**
 * One of each that docs/architecture.md tells how to add, written with the public import alone, all in one experiment: a
 * source, an architecture, a loss, a baseline with vectors and one without, and a metric.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import {
  type Architecture,
  type DataSource,
  linear,
  lossFromFunction,
  matryoshkaLoss,
  type Report,
  registerArchitecture,
  registerMetric,
  registerSource,
  registerSystem,
  resolveConfig,
  runExperiment,
  type SystemDefinition,
} from '../../lib/index.js';

const scratch = mkdtempSync(join(tmpdir(), 'recipes-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Two lines a paper, its title and its abstract. */
const pairsOfLines: DataSource = {
  name: 'pairs of lines',
  help: 'titles and abstracts in turn (.pairs)',
  expects: 'a line with a title, then one with its abstract',
  endings: ['.pairs'],
  recognizes: ({ beginning }) => beginning.lines[0]?.startsWith('#pairs') === true,
  async *read(path) {
    const [, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
    for (let i = 0; i < lines.length; i += 2) {
      const [title, abstract] = [lines[i]!, lines[i + 1]!];
      yield { id: `p${i}`, version: null, title, abstract, categories: ['corpus'], published: null, comments: '' };
    }
  },
};

/** The token vectors, and one linear layer around which they pass: x + W x. */
const oneLayer: Architecture = {
  modelTypes: { one_layer: 'a test' },
  prefixes: ['model.'],
  ignoredTensors: /q_proj|k_proj|v_proj|mlp|norm/,
  parseConfig(file, modelType) {
    const { hidden_size, vocab_size } = file.read(z.looseObject({ hidden_size: z.int(), vocab_size: z.int() }));
    return {
      modelType,
      hiddenSize: hidden_size,
      intermediateSize: hidden_size,
      layers: 1,
      attentionHeads: 0,
      keyValueHeads: 0,
      headDimension: 0,
      vocabularySize: vocab_size,
      causal: false,
      maxPositions: 512,
      padTokenId: 0,
    };
  },
  embedding: { table: 'embed_tokens.weight' },
  layers: {
    prefix: 'layers.',
    parts: ({ hiddenSize }) => [{ path: 'self_attn.o_proj', outputs: hiddenSize, inputs: hiddenSize, bias: false }],
    inputs: () => ({}),
    run: (hidden, parameters, _inputs, _config, options) =>
      tf.add(hidden, linear(hidden, parameters, 'self_attn.o_proj', options)),
  },
};

/** The example of docs/architecture.md. */
const triplet = lossFromFunction('triplet margin', (queries, documents, tf) => {
  const pairs = queries.shape[0];
  const own = documents.slice([0, 0], [pairs, -1]);
  const other = tf.concat([own.slice([1, 0]), own.slice([0, 0], [1, -1])]);
  const distance = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.squaredDifference(a, b), 1);
  return tf.mean(tf.relu(tf.add(tf.sub(distance(queries, own), distance(queries, other)), 0.5)));
});

/** Documents that hold all words of the query, by how many words they have. */
const allWords: SystemDefinition = {
  usage: 'all-words',
  description: 'documents with every word of the query',
  create: async (name) => ({
    name,
    kind: 'custom',
    async retrieve({ corpus, queries, depth }) {
      const found = queries.map(({ id, text }) => {
        const words = text.toLowerCase().split(' ');
        const holding = corpus.filter(({ text }) => words.every((word) => text.toLowerCase().includes(word)));
        return [id, holding.slice(0, depth).map((document) => ({ id: document.id, score: 1 }))] as const;
      });
      return { run: new Map(found), dimensions: null, timing: { embedSeconds: 0, indexSeconds: 0, searchSeconds: 0 } };
    },
  }),
};

/** Counts of letters as vectors. */
const letterCounts: SystemDefinition = {
  usage: 'letter-counts',
  description: 'cosine of the counts of letters',
  create: async (name, { embedding }) =>
    embedding({
      name,
      kind: 'custom',
      dimensions: 26,
      fingerprint: 'letter counts, first version',
      embed: async (texts) =>
        Float32Array.from(
          texts.flatMap((text) =>
            Array.from({ length: 26 }, (_, i) => text.toLowerCase().split(String.fromCharCode(97 + i)).length),
          ),
        ),
    }),
};

const adjectives = ['spectral', 'kinetic', 'stable', 'random', 'convex', 'quantum', 'sparse', 'dense'];
const nouns = ['lattices', 'horizons', 'graphs', 'galaxies', 'neurons', 'manifolds', 'kernels', 'plasmas', 'markets'];

let report: Report;
const folder = join(scratch, 'run');

beforeAll(async () => {
  registerSource(pairsOfLines);
  registerArchitecture(oneLayer);
  registerSystem(allWords);
  registerSystem(letterCounts);
  registerMetric({
    name: 'rbp',
    label: 'RBP',
    cutoff: true,
    definition: 'rank-biased precision with persistence .8',
    score: ({ grades }) => grades.reduce((sum, grade, i) => sum + (grade >= 1 ? 0.2 * 0.8 ** i : 0), 0),
  });

  const papers = adjectives.flatMap((adjective) =>
    nouns.map(
      (noun) =>
        `On ${adjective} ${noun}\nWe study ${noun} that are ${adjective}, and show on which conditions the bound of the earlier work holds for them in all of the cases.`,
    ),
  );
  writeFileSync(join(scratch, 'corpus.pairs'), `#pairs\n${papers.join('\n')}\n`);
  const model = join(scratch, 'model');
  cpSync('data/sample-base', model, { recursive: true });
  const configuration = JSON.parse(readFileSync(join(model, 'config.json'), 'utf8')) as object;
  writeFileSync(join(model, 'config.json'), JSON.stringify({ ...configuration, model_type: 'one_layer' }));

  const config = resolveConfig({
    input: {
      cache: join(scratch, 'cache'),
      datasets: { source: join(scratch, 'corpus.pairs') },
      encoder: { model },
      batches: { pairs: 8 },
      training: { maxSteps: 3, validateEvery: null },
      evaluation: {
        systems: ['untuned', 'tuned', 'all-words', 'letter-counts', 'all-words+letter-counts'],
        metrics: ['rbp@10', 'mrr@10'],
        bootstrapSamples: 100,
      },
    },
  });
  report = await runExperiment(config, folder, { loss: matryoshkaLoss(triplet, [64]) });
});

it('additions from outside the library take part in a whole experiment', () => {
  expect(report.skipped).toEqual([]);
  expect(report.systems.map(({ name, kind, dimensions }) => [name, kind, dimensions])).toEqual([
    ['untuned', 'untuned', 384],
    ['tuned', 'tuned', 384],
    ['all-words', 'custom', null],
    ['letter-counts', 'custom', 26],
    ['all-words+letter-counts', 'hybrid', null],
  ]);
  const words = report.systems[2]!.metrics;
  // "on" is a word of all the abstracts, so the title's words are in its own abstract alone
  expect([words['mrr@10']!.value, words['rbp@10']!.value]).toEqual([1, 0.2]);
});

it('the run names its loss, and the adapter its architecture', () => {
  expect(readFileSync(join(folder, 'run.json'), 'utf8')).toContain('Matryoshka of triplet margin');
  const adapter = JSON.parse(readFileSync(join(folder, 'adapter', 'adapter_config.json'), 'utf8'));
  expect(adapter.target_modules).toEqual(['o_proj']);
});
