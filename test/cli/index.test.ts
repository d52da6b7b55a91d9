/** `index build` over what `encode` wrote, and `search --index` in it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { StoredIndexDescription } from '../../lib/index.js';
import { complaint, jsonOf, llmEmbedding, workFolder, writeSnapshot, writeTinyModel } from './command-line.js';

const cwd = workFolder();
const isLanceDbThere = await import(process.env.LLM_EMBEDDING_LANCEDB ?? '@lancedb/lancedb').then(
  () => true,
  () => false,
);
if (!isLanceDbThere) console.warn('skipped: @lancedb/lancedb is not installed');

let papers: { id: string; abstract: string }[];
beforeAll(async () => {
  await writeTinyModel(join(cwd, 'model'));
  await writeTinyModel(join(cwd, 'foreign'), 2);
  papers = writeSnapshot(join(cwd, 'papers.jsonl'), 96);
  writeFileSync(
    join(cwd, 'texts.jsonl'),
    papers.map(({ id, abstract }) => JSON.stringify({ id, text: abstract })).join('\n'),
  );
  const args = ['encode', '--model', 'model', '--input', 'texts.jsonl', '--output', 'corpus.safetensors'];
  const encoded = await llmEmbedding(args, { cwd });
  expect(encoded.code, encoded.stderr).toBe(0);
});

it('finds the text whose words are the query, with cosine 1', async () => {
  const build = [
    'index',
    'build',
    'corpus.safetensors',
    '--to',
    'corpus.index',
    '--kind',
    'binary',
    '--sample',
    '20',
    '--json',
  ];
  const built = jsonOf<StoredIndexDescription>(await llmEmbedding(build, { cwd }));
  expect(built).toMatchObject({ kind: 'binary', recall: { at: 10, queries: 20, wanted: 0.95 } });
  expect(built.recall.value).toBeGreaterThanOrEqual(0.95);
  for (const { id, abstract } of papers.slice(0, 2)) {
    const search = ['search', 'model', abstract, '--index', 'corpus.index', '--k', '3', '--json'];
    const { found } = jsonOf<{ found: { id: string; score: number }[] }>(await llmEmbedding(search, { cwd }));
    expect(found).toHaveLength(3);
    expect(found[0]).toEqual({ id, score: expect.closeTo(1, 4) });
  }
  const other = await llmEmbedding(['search', 'foreign', 'a query', '--index', 'corpus.index'], { cwd });
  expect([other.code, complaint(other)]).toEqual([
    2,
    expect.stringMatching(
      /corpus.index is of embeddings that another encoder made \(.*model\), not foreign: name that one/,
    ),
  ]);
  const told = await llmEmbedding(['search', 'model', 'a query', '--index', 'corpus.index'], { cwd });
  expect(told.stdout).toMatch(/^ 1\. \S+, score \d?\.?\d+/);
});

it.skipIf(!isLanceDbThere)('pushes into a table, and finds the same there', async () => {
  const push = ['index', 'push', 'corpus.safetensors', '--store', 'lancedb:db', '--table', 'papers', '--json'];
  expect(jsonOf(await llmEmbedding(push, { cwd }))).toMatchObject({ rows: papers.length, index: null });
  const [{ id, abstract }] = papers as [(typeof papers)[0]];
  const search = ['search', 'model', abstract, '--store', 'lancedb:db', '--table', 'papers', '--k', '3', '--json'];
  const { found } = jsonOf<{ found: { id: string; score: number }[] }>(await llmEmbedding(search, { cwd }));
  expect(found).toHaveLength(3);
  expect(found[0]).toEqual({ id, score: expect.closeTo(1, 4) });
});

it('says what is wrong before any work', async () => {
  const build = (...args: string[]) =>
    llmEmbedding(['index', 'build', 'corpus.safetensors', '--to', 'other', ...args], { cwd });
  expect(complaint(await build('--kind', 'hnsw'))).toMatch(/--kind hnsw: expected ivf-pq or binary/);
  expect(complaint(await build('--kind', 'binary', '--recall', 'high'))).toMatch(/recall NaN: expected a share/);
  const both = ['search', 'model', 'a query', '--index', 'nowhere', '--store', 'lancedb:db'];
  expect(complaint(await llmEmbedding(both, { cwd }))).toMatch(/--index and --store exclude each other/);
  const search = await llmEmbedding(['search', 'model', 'a query', '--index', 'nowhere'], { cwd });
  expect(complaint(search)).toMatch(/nowhere is no index: expected .*make one with "llm-embedding index build/);
});
