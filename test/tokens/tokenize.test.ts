import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Interrupted, UserError } from '../../lib/core/errors.js';
import type { ProgressEvent } from '../../lib/core/events.js';
import { Random } from '../../lib/core/random.js';
import { type TokenizedChunk, tokenizeAhead, tokenizeTexts, workersWorthStarting } from '../../lib/tokens/tokenize.js';
import { loadTokenizer } from '../../lib/tokens/tokenizer.js';

const FOLDER = fileURLToPath(new URL('../fixtures/tokenizer', import.meta.url));
const WORDS = 'spacetime horizon encoder gradient batch naïve 🎉 \\alpha norm of the a'.split(' ');
const random = new Random(3, 'tokenize test');
const texts = Array.from({ length: 1500 }, () =>
  Array.from({ length: random.integer(60) }, () => random.pick(WORDS)).join(' '),
);
const empty = mkdtempSync(join(tmpdir(), 'tokenize-'));
let one: number[][];

beforeAll(async () => {
  const tokenizer = await loadTokenizer(FOLDER);
  one = texts.map((text) => [...tokenizer.encode(text, 40)]);
});
afterAll(() => rmSync(empty, { recursive: true, force: true }));

describe('tokenizeTexts', () => {
  it.each([0, 1, 3])('with %i worker threads gives what one text at a time gives, in order', async (workers) => {
    const progress: ProgressEvent[] = [];
    const ids = await tokenizeTexts(FOLDER, texts, 40, { workers, onProgress: (event) => progress.push(event) });
    expect(ids.map((row) => [...row])).toEqual(one);
    expect(ids.every((row) => row.buffer.byteLength === 4 * row.length)).toBe(true);
    expect(progress.at(-1)).toEqual({ task: 'tokenizing', done: 1500, total: 1500, unit: 'texts' });
  });

  it('of nothing is nothing', async () => {
    expect(await tokenizeTexts(FOLDER, [], 40, { workers: 2 })).toEqual([]);
    expect(await tokenizeTexts(FOLDER, [])).toEqual([]);
  });

  it.each([0, 2])('with %i worker threads reports a folder without tokenizer', async (workers) => {
    await expect(tokenizeTexts(empty, texts, 40, { workers })).rejects.toBeInstanceOf(UserError);
    await expect(tokenizeTexts(empty, texts, 40, { workers })).rejects.toThrow(/no tokenizer\.json/);
  });

  it.each([0, 2])('with %i worker threads ends at a signal', async (workers) => {
    const stop = new AbortController();
    const onProgress = (): void => stop.abort();
    const stopped = tokenizeTexts(FOLDER, texts, 40, { workers, onProgress, signal: stop.signal });
    await expect(stopped).rejects.toBeInstanceOf(Interrupted);
  });
});

describe('tokenizeAhead', () => {
  it('yields chunks in order, also to a slow reader', async () => {
    const chunks: TokenizedChunk[] = [];
    for await (const chunk of tokenizeAhead(FOLDER, texts, 40, { workers: 2, chunkSize: 100, ahead: 2 })) {
      chunks.push(chunk);
      if (chunks.length < 4) await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(chunks.map((chunk) => chunk.start)).toEqual(Array.from({ length: 15 }, (_, i) => 100 * i));
    expect(chunks.flatMap((chunk) => chunk.ids.map((row) => [...row]))).toEqual(one);
  });

  it('can be left early', async () => {
    for await (const chunk of tokenizeAhead(FOLDER, texts, 40, { workers: 2, chunkSize: 10 })) {
      expect(chunk.ids).toHaveLength(10);
      break;
    }
  });
});

describe('workersWorthStarting', () => {
  it('is none for little text, some for much', async () => {
    expect(await workersWorthStarting(FOLDER, texts.slice(0, 100))).toBe(0);
    const much = new Array<string>(20_000).fill('x'.repeat(1000));
    expect(await workersWorthStarting(FOLDER, much)).toBeGreaterThanOrEqual(1);
  });
});
