/** What a user meets when FAISS fails: an addon written for the purpose takes its place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildIndex } from '../../../lib/retrieval/index/build-index.js';

const before = process.env.LLM_EMBEDDING_FAISS_PACKAGE;
const corpus = { ids: ['a', 'b'], vectors: Float32Array.of(1, 0, 0, 1), dimensions: 2 };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'no-faiss-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) delete process.env.LLM_EMBEDDING_FAISS_PACKAGE;
  else process.env.LLM_EMBEDDING_FAISS_PACKAGE = before;
});

it('an addon that ends its process in a search is survived: the engine goes on, which is said', async () => {
  const addon = join(folder, 'addon.cjs');
  writeFileSync(
    addon,
    `const index = { ntotal: () => 2, getDimension: () => 2, search: () => process.kill(process.pid, 'SIGKILL') };
     module.exports = { Index: { read: () => index } };`,
  );
  process.env.LLM_EMBEDDING_FAISS_PACKAGE = addon;
  const index = await buildIndex(corpus);
  expect(index.backend).toBe('faiss');
  const said: string[] = [];
  for (let i = 0; i < 2; i++) {
    const found = await index.search(Float32Array.of(0, 2), 1, { onMessage: ({ text }) => said.push(text) });
    expect(found).toEqual([[{ id: 'b', score: 2 }]]);
  }
  expect(index.backend).toBe('engine');
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/FAISS ended by SIGKILL; the engine searches exactly instead/);
  await index.close();
});

it('an addon that reads another shape than was written is not used', async () => {
  const addon = join(folder, 'addon.cjs');
  writeFileSync(addon, 'module.exports = { Index: { read: () => ({ ntotal: () => 1, getDimension: () => 2 }) } };');
  process.env.LLM_EMBEDDING_FAISS_PACKAGE = addon;
  const index = await buildIndex({ ...corpus, onMessage: () => {} });
  expect(index.backend).toBe('engine');
  await index.close();
});
