/** The sides that an encoder is made from are those that the experiment later tests it on. */
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { loadDataset } from '../../lib/datasets/dataset.js';
import { SAMPLE_CORPUS } from '../../lib/datasets/sources/sample.js';
import { readPapersBySplit } from '../../lib/pretraining/papers.js';

describe('readPapersBySplit', () => {
  it('never trains on a paper that the experiment validates or tests with', async () => {
    const { papers } = await loadDataset(resolveConfig(), {});
    const sides = await readPapersBySplit(SAMPLE_CORPUS);
    const trained = new Set(sides.train.map(({ id }) => id));
    const chosen = new Set(sides.validation.map(({ id }) => id));
    const kept = papers.filter(({ split }) => split !== 'train');
    expect(kept.length).toBeGreaterThan(500);
    expect(kept.filter(({ id }) => trained.has(id))).toEqual([]);
    expect(papers.filter(({ split, id }) => split === 'test' && chosen.has(id))).toEqual([]);
    // the other way round a near duplicate of another topic may make it stricter, seldom
    expect(papers.filter(({ split, id }) => split === 'train' && !trained.has(id)).length).toBeLessThan(20);
  });
});
