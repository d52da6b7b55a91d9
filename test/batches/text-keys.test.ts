import { describe, expect, it, vi } from 'vitest';
import { prepareTextKeys, textKeysOf } from '../../lib/batches/text-keys.js';
import type { ProgressEvent } from '../../lib/core/events.js';

const papers = ['Black holes', 'black-holes', 'Stars'].map((title) => ({ title, abstract: `On ${title}, and more` }));

describe('text keys', () => {
  it('are the same for equal texts, and the same whether prepared or not', async () => {
    const { titles, abstracts } = textKeysOf(papers);
    expect(titles[0]).toBe(titles[1]);
    expect(titles[0]).not.toBe(titles[2]);
    expect(abstracts[0]).not.toBe(titles[0]);
    const others = [...papers];
    await prepareTextKeys(others, {});
    expect(textKeysOf(others)).toEqual({ titles, abstracts });
    expect(textKeysOf(others)).toBe(textKeysOf(others));
  });

  it('are computed with progress, and until told to stop', async () => {
    // every look at the clock is a tenth of a second later
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 100));
    const many = Array.from({ length: 60 }, (_, i) => ({ title: `title ${i}`, abstract: `abstract ${i}` }));
    const events: ProgressEvent[] = [];
    await prepareTextKeys(many, { onProgress: (event) => events.push(event) });
    clock.mockRestore();
    expect(events.length).toBeGreaterThan(2);
    expect(events.at(-1)).toMatchObject({ done: 60, total: 60, unit: 'papers' });
    await expect(prepareTextKeys([...many], { signal: AbortSignal.abort() })).rejects.toThrow('stopped');
  });
});
