import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { UserError } from '../../lib/core/errors.js';
import type { Engine } from '../../lib/engine/types.js';
import { checkLoss, configuredLoss } from '../../lib/losses/configured-loss.js';
import type { LossBatch, LossResult } from '../../lib/losses/loss.js';
import type { TeacherBatch } from '../../lib/losses/teacher.js';
import { referenceMatmul } from '../../lib/retrieval/index/matmul-candidates.js';
import { ENGINES, relativeError } from '../encoder/tiny-models.js';

/** A case of make_losses.py. */
interface Case {
  name: 'gist' | 'margin-mse' | 'distill-scores' | 'distill-vectors' | 'cosent' | 'angle';
  options: Record<string, unknown>;
  queries: number[][];
  documents: number[][];
  loss: number;
  queryGradient: number[][];
  documentGradient: number[][];
  guideQueries?: number[][];
  guideDocuments?: number[][];
  teacher?: number[][];
  scores?: number[];
  negatives?: number[][];
}

const FILE = fileURLToPath(new URL('../fixtures/losses/losses.json', import.meta.url));
const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as { cases: Case[] };
const GROUPS = [...new Set(cases.map(({ name }) => name))];
const KEYS = {
  'margin-mse': 'marginMse',
  'distill-scores': 'distillScores',
  'distill-vectors': 'distillVectors',
} as const;

const flat = (rows: readonly (readonly number[])[]): Float32Array => Float32Array.from(rows.flat());

/** The training settings of a case. */
function settingsOf({ name, options }: Pick<Case, 'name' | 'options'>) {
  const { temperature, ...gist } = options;
  const input =
    name === 'gist' ? { temperature, gist } : { [name in KEYS ? KEYS[name as keyof typeof KEYS] : name]: options };
  return resolveConfig({ input: { training: { loss: name, ...input } } }).training;
}

function teacherOfCase({ guideQueries, guideDocuments, teacher }: Case): TeacherBatch | undefined {
  if (teacher) return { name: 'scores', scores: flat(teacher) };
  if (!guideQueries || !guideDocuments) return undefined;
  const dimensions = guideQueries[0]?.length as number;
  const scores = guideQueries.map((query) =>
    guideDocuments.map((document) => query.reduce((sum, value, k) => sum + value * (document[k] as number), 0)),
  );
  return {
    name: 'guide',
    scores: flat(scores),
    vectors: {
      dimensions,
      queries: flat(guideQueries),
      documents: flat(guideDocuments),
      products: (a, b) => referenceMatmul(a, b, dimensions),
    },
  };
}

function batchOf(one: Case): LossBatch {
  const teacher = teacherOfCase(one);
  return {
    epoch: 0,
    pairs: one.queries.map((_, i) => i),
    ...(teacher && { teacher }),
    ...(one.scores && { scores: Float32Array.from(one.scores) }),
    ...(one.negatives && { negatives: one.negatives }),
  };
}

describe.each(ENGINES)("losses and gradients are sentence-transformers', on engine %s", (_, startEngine) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.close());

  const compute = async (one: Case, batch = batchOf(one), more: object = {}): Promise<LossResult> => {
    const factory = configuredLoss({ ...settingsOf(one), ...more });
    const loss = await factory.create(engine, one.queries[0]?.length as number);
    try {
      return await loss.compute(flat(one.queries), flat(one.documents), batch);
    } finally {
      await loss.dispose();
    }
  };

  it.each(GROUPS)('%s', async (group) => {
    for (const one of cases.filter(({ name }) => name === group)) {
      const result = await compute(one);
      const label = JSON.stringify(one.options);
      expect(Math.abs(result.loss - one.loss), label).toBeLessThan(1e-5 * Math.max(Math.abs(one.loss), 1e-3));
      expect(relativeError(result.queryGradient, flat(one.queryGradient)), label).toBeLessThan(1e-4);
      expect(relativeError(result.documentGradient, flat(one.documentGradient)), label).toBeLessThan(1e-4);
    }
  });

  it('leave out what the data know to be relevant', async () => {
    const one = cases.find(({ name }) => name === 'distill-scores') as Case;
    const batch = { ...batchOf(one), alsoRelevant: one.queries.map((_, i) => [(i + 1) % one.queries.length]) };
    // a score that does not count may be anything
    const other = structuredClone(one);
    one.queries.forEach((_, i) => {
      (other.teacher?.[i] as number[])[(i + 1) % one.queries.length] = 99;
    });
    const result = await compute(one, batch);
    expect(result.masked).toBe(one.queries.length);
    expect(result.loss).not.toBeCloseTo(one.loss, 5);
    expect((await compute(other, { ...batchOf(other), alsoRelevant: batch.alsoRelevant })).loss).toBe(result.loss);
  });

  it('take the hard negatives of a query alone where asked to', async () => {
    for (const name of ['gist', 'margin-mse', 'distill-scores'] as const) {
      const one = cases.find((other) => other.name === name && other.documents.length > other.queries.length) as Case;
      const count = one.queries.length;
      const batch = { ...batchOf(one), negatives: one.queries.map((_, i) => (i === 0 ? [count] : [])) };
      const result = await compute(one, batch, { negatives: 'hard' });
      const width = one.queries[0]?.length as number;
      const learned = result.queryGradient.map((value) => (value === 0 ? 0 : 1));
      // gist may have masked its only negative, and then there is nothing to learn at all
      if (name !== 'gist')
        expect(
          learned.subarray(0, width).some((value) => value === 1),
          name,
        ).toBe(true);
      expect(
        learned.subarray(width).every((value) => value === 0),
        name,
      ).toBe(true);
    }
  });

  it('take truncated embeddings too, by Matryoshka', async () => {
    for (const name of ['gist', 'margin-mse', 'distill-scores', 'cosent', 'angle'] as const) {
      const one = cases.find((other) => other.name === name) as Case;
      const cut = (rows: number[][]): number[][] => rows.map((row) => row.slice(0, 4));
      const short = { ...one, queries: cut(one.queries), documents: cut(one.documents) };
      const both = await compute(one, batchOf(one), { matryoshkaDimensions: [4] });
      expect(both.loss).toBeCloseTo(((await compute(one)).loss + (await compute(short)).loss) / 2, 5);
    }
  });
});

describe('losses that lack what they need', () => {
  const training = (input: object) => resolveConfig({ input: { training: input } }).training;

  it.each([
    [{ loss: 'gist' }, 'training.loss = "gist" learns from a teacher: set training.teacher'],
    [{ teacher: 'bm25' }, 'training.teacher = "bm25": the loss "infonce" has no use for a teacher'],
    [
      { loss: 'distill-vectors', teacher: 'untuned', matryoshkaDimensions: [8] },
      'cannot be taken of truncated embeddings',
    ],
  ])('%j', (input, message) => {
    expect(() => checkLoss(training(input))).toThrow(UserError);
    expect(() => checkLoss(training(input))).toThrow(message);
  });

  it.each([
    ['training.loss=margin_mse', 'did you mean "margin-mse"'],
    ['training.gist.marginStrategy=relativ', 'did you mean "relative"'],
    ['training.gist.margn=.1', 'did you mean "margin"'],
  ])('%s', (setting, message) => {
    expect(() => resolveConfig({ settings: [setting] })).toThrow(message);
  });

  it('say so where a batch has no teacher, no vectors, no scores', async () => {
    const [, start] = ENGINES[0] as (typeof ENGINES)[number];
    const engine = await start();
    try {
      const one = cases.find(({ name }) => name === 'gist') as Case;
      const compute = async (name: Case['name'], options: object, batch?: Partial<LossBatch>): Promise<unknown> => {
        const loss = await configuredLoss(settingsOf({ name, options: options as Case['options'] })).create(engine, 6);
        const rest = batch && { epoch: 0, pairs: [0, 1, 2, 3, 4], ...batch };
        return loss.compute(flat(one.queries), flat(one.documents), rest).finally(() => loss.dispose());
      };
      const scores = new Float32Array(25).map((_, at) => (at % 6 === 0 ? 30 : 1));
      const bm25 = { teacher: { name: 'bm25', scores } };
      await expect(compute('gist', {})).rejects.toThrow('GISTEmbed learns from a teacher');
      await expect(compute('gist', { temperature: 0.1 }, bm25)).rejects.toThrow('the teacher "bm25" has none');
      await expect(compute('margin-mse', {}, bm25)).rejects.toThrow('has a margin of 29.00');
      await expect(compute('distill-vectors', {}, bm25)).rejects.toThrow(
        'the teacher "bm25" has none: take a teacher with vectors',
      );
      await expect(compute('cosent', {}, {})).rejects.toThrow('none of the 5 pairs of a batch has one');
      const narrow = teacherOfCase(one) as TeacherBatch;
      await expect(compute('distill-vectors', {}, { teacher: narrow })).rejects.toThrow(
        'have 4 dimensions and the embeddings 6',
      );
    } finally {
      await engine.close();
    }
  });
});
