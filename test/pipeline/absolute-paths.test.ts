/** Paths of a configuration are stored so that they mean the same from every folder; names stay names. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { withAbsolutePaths } from '../../lib/pipeline/absolute-paths.js';

const base = mkdtempSync(join(tmpdir(), 'absolute-paths-'));
afterAll(() => rmSync(base, { recursive: true }));
for (const folder of ['model', 'owner/model', 'bm25', 'sample']) mkdirSync(join(base, folder), { recursive: true });

it('paths are absolute, whether or not anything is there', () => {
  const config = resolveConfig({
    input: {
      cache: 'cache',
      datasets: { source: '../papers.csv' },
      encoder: { model: 'model', adapter: './adapter' },
      training: { hardNegatives: { file: 'negatives.jsonl' } },
      evaluation: { systems: ['tuned', 'owner/model', 'bm25+model', './model'] },
    },
  });
  const { cache, datasets, encoder, training, evaluation } = withAbsolutePaths(config, base);
  expect(cache).toBe(join(base, 'cache'));
  expect(datasets.source).toBe(join(base, '../papers.csv'));
  expect(encoder).toMatchObject({ model: join(base, 'model'), adapter: join(base, 'adapter') });
  expect(training.hardNegatives.file).toBe(join(base, 'negatives.jsonl'));
  const folder = join(base, 'model');
  expect(evaluation.systems).toEqual(['tuned', join(base, 'owner/model'), `bm25+${folder}`, folder]);
  expect(withAbsolutePaths(withAbsolutePaths(config, base), '/elsewhere')).toEqual(withAbsolutePaths(config, base));
});

it('names of sources, models and systems are left alone', () => {
  const config = resolveConfig({
    input: {
      cache: '/cache',
      datasets: { source: 'arxiv' },
      encoder: { model: 'Qwen/Qwen2.5-0.5B' },
      evaluation: { systems: ['bm25', 'hybrid', 'bm25+tuned', 'openai:text-embedding-3-small', 'BAAI/bge-small-en'] },
    },
  });
  expect(withAbsolutePaths(config, base)).toEqual(config);
  const samples = resolveConfig({
    input: { cache: '/cache', datasets: { source: 'sample' }, encoder: { model: 'sample' } },
  });
  expect(withAbsolutePaths(samples, base)).toEqual(samples);
});
