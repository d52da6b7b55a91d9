import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Reporting } from '../../lib/core/events.js';
import { referenceMatmul } from '../../lib/retrieval/index/matmul-candidates.js';
import { bm25System } from '../../lib/retrieval/systems/bm25.js';
import { cachedModel } from '../../lib/retrieval/systems/cached-model.js';
import type { EmbeddingModel } from '../../lib/retrieval/systems/embedding-model.js';
import { embeddingSystem } from '../../lib/retrieval/systems/embedding-system.js';
import { hybridSystem } from '../../lib/retrieval/systems/hybrid.js';
import type { RetrievalSystem } from '../../lib/retrieval/systems/retrieval-system.js';
import { systemTeacher } from '../../lib/retrieval/teacher.js';

const folder = mkdtempSync(join(tmpdir(), 'teacher-'));
afterAll(() => rmSync(folder, { recursive: true }));

const queries = ['black holes merge', 'dark matter halos', 'the cosmic web', 'black holes merge'];
const documents = [
  'Two black holes merge and ring down.',
  'Halos of dark matter in simulations.',
  'Filaments of the cosmic web.',
  'Dark stars and dark matter and halos.',
  'Two black holes merge and ring down.',
];

let embedded = 0;
/** Counts of letters. */
const letters: EmbeddingModel = {
  name: 'letters',
  kind: 'custom',
  dimensions: 26,
  fingerprint: 'letters 1',
  async embed(texts) {
    embedded += texts.length;
    return Float32Array.from(
      texts.flatMap((text) =>
        Array.from({ length: 26 }, (_, k) => text.toLowerCase().split(String.fromCharCode(97 + k)).length - 1),
      ),
    );
  },
};
const vectors = (): RetrievalSystem => embeddingSystem(cachedModel(letters, { folder }));
const teach = (system: RetrievalSystem, reporting: Reporting = {}) =>
  systemTeacher(system, { queries, documents }, { matmul: referenceMatmul, ...reporting });

/** What a system says of each query and document when it searches as deep as it can. */
async function retrieved(system: RetrievalSystem): Promise<number[]> {
  const corpus = documents.map((text, i) => ({ id: `d${i}`, text })).slice(0, 4);
  const asked = queries.map((text, i) => ({ id: `q${i}`, text })).slice(0, 3);
  const find = (other: RetrievalSystem) => other.retrieve({ corpus, queries: asked, depth: 4 }, {}, find);
  const { run } = await find(system);
  return asked.flatMap(({ id }) =>
    corpus.map((document) => run.get(id)?.find((found) => found.id === document.id)?.score ?? 0),
  );
}

it.each([
  ['vectors', vectors],
  ['BM25', () => bm25System()],
  ['two systems with vectors', () => hybridSystem(vectors(), vectors())],
])('scores with %s are those of a search', async (_, make) => {
  const teacher = await teach(make());
  const { scores } = await teacher.batch(queries.slice(0, 3), documents.slice(0, 4));
  const expected = await retrieved(make());
  expected.forEach((score, at) => {
    expect(scores[at]).toBeCloseTo(score, 5);
  });
});

it('a hybrid is the weighted sum of shares of the best score', async () => {
  const [lexical, dense, hybrid] = [
    await teach(bm25System()),
    await teach(vectors()),
    await teach(hybridSystem(bm25System(), vectors())),
  ];
  const of = async (teacher: typeof lexical) => (await teacher.batch(queries.slice(0, 1), documents)).scores;
  const [a, b, fused] = [await of(lexical), await of(dense), await of(hybrid)];
  const share = (scores: Float32Array, j: number): number => (scores[j] as number) / Math.max(...scores);
  fused.forEach((score, j) => {
    expect(score).toBeCloseTo(0.5 * share(a, j) + 0.5 * share(b, j), 5);
  });
  expect(hybrid.dimensions).toBeNull();
});

it('each text is embedded once, also by another process, with progress', async () => {
  rmSync(folder, { recursive: true, force: true });
  embedded = 0;
  const tasks: string[] = [];
  const teacher = await teach(vectors(), { onProgress: ({ task }) => tasks.push(task) });
  expect(embedded).toBe(3 + 4);
  await teacher.batch(queries, documents);
  const again = await teach(vectors());
  expect(embedded).toBe(7);
  expect(again.fingerprint).toBe(teacher.fingerprint);
  expect((await again.batch(queries, documents)).scores).toEqual((await teacher.batch(queries, documents)).scores);
});

it('the fingerprint is of the teacher and its settings', async () => {
  const of = async (system: RetrievalSystem) => (await teach(system)).fingerprint;
  const other = embeddingSystem({ ...letters, fingerprint: 'letters 2' });
  const all = [vectors(), other, bm25System(), bm25System({ b: 0.4 }), hybridSystem(bm25System(), vectors())];
  expect(new Set(await Promise.all(all.map(of))).size).toBe(all.length);
});

it('refuses systems that only search, and texts it was not told of', async () => {
  const searching: RetrievalSystem = { name: 'mine', kind: 'custom', retrieve: () => Promise.reject(new Error()) };
  await expect(teach(searching)).rejects.toThrow('training.teacher = "mine" has neither vectors nor scores of pairs');
  const teacher = await teach(bm25System());
  await expect(teacher.batch(['who?'], documents)).rejects.toThrow('does not know the text "who?"');
});
