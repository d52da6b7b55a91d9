/** What a machine without FAISS shows: in a file of its own, since it is said once a process. */
import { afterAll, expect, it } from 'vitest';
import { buildIndex } from '../../../lib/retrieval/index/build-index.js';

const before = process.env.LLM_EMBEDDING_FAISS_PACKAGE;
afterAll(() => {
  if (before === undefined) delete process.env.LLM_EMBEDDING_FAISS_PACKAGE;
  else process.env.LLM_EMBEDDING_FAISS_PACKAGE = before;
});

it('without FAISS the engine searches, which is said once, with the way to FAISS', async () => {
  process.env.LLM_EMBEDDING_FAISS_PACKAGE = 'faiss-that-is-not-installed';
  const said: string[] = [];
  for (let i = 0; i < 3; i++) {
    const index = await buildIndex({
      ids: ['a', 'b'],
      vectors: Float32Array.of(1, 0, 0, 1),
      dimensions: 2,
      onMessage: ({ text }) => said.push(text),
    });
    expect(index.backend).toBe('engine');
    expect(await index.search(Float32Array.of(0, 2), 1)).toEqual([[{ id: 'b', score: 2 }]]);
    await index.close();
  }
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/FAISS cannot be used .*npm run setup/);
});
