import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { Interrupted } from '../../lib/core/errors.js';
import type { MessageEvent, ProgressEvent } from '../../lib/core/events.js';
import { Random } from '../../lib/core/random.js';
import { type Dataset, loadDataset } from '../../lib/datasets/dataset.js';
import { SAMPLE_CORPUS } from '../../lib/datasets/sources/sample.js';
import { StoredPaper } from '../../lib/datasets/stored-paper.js';
import { acquireLock } from '../../lib/files/lock.js';
import { resolveModelFolder } from '../../lib/hub/resolve-model.js';
import { Latest } from '../../lib/pipeline/latest.js';
import { papersFingerprint } from '../../lib/pipeline/papers-fingerprint.js';
import { datasetKey, datasetsStep } from '../../lib/pipeline/steps/datasets.js';
import { storedDataset } from '../../lib/pipeline/steps/stored-dataset.js';
import { storedTokens } from '../../lib/pipeline/steps/stored-tokens.js';
import { tokenFileOfPapers } from '../../lib/pipeline/steps/token-file-of-papers.js';
import { type TokenizedDataset, tokensStep } from '../../lib/pipeline/steps/tokens.js';
import { TokenFile } from '../../lib/tokens/token-file.js';
import { tokenizePapers } from '../../lib/tokens/token-statistics.js';
import { trainingTexts } from '../../lib/training/training-texts.js';

const scratch = mkdtempSync(join(tmpdir(), 'llm-embedding-stored-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function configOf(name: string, datasets: object = {}) {
  return resolveConfig({ input: { cache: join(scratch, name), datasets } });
}

/** The one file of a folder. */
function fileIn(folder: string): string {
  const files = readdirSync(folder);
  expect(files).toHaveLength(1);
  return join(folder, files[0]!);
}

describe('a stored dataset', () => {
  it('is what loading gives, and is not loaded again', async () => {
    const config = configOf('same');
    const first = await datasetsStep.run(config);
    expect(first).toEqual(await loadDataset(config));
    const progress: ProgressEvent[] = [];
    const again = await datasetsStep.run(config, { onProgress: (event) => progress.push(event) });
    expect(again).toEqual(first);
    expect(progress).toEqual([]);
  });

  it('is another for other settings or another source file', async () => {
    const source = join(scratch, 'corpus.jsonl.gz');
    copyFileSync(SAMPLE_CORPUS, source);
    const config = configOf('keys', { source });
    const key = await datasetKey(config);
    expect(await datasetKey(configOf('elsewhere', { source }))).toBe(key);
    expect(await datasetKey(configOf('keys', { source, testShare: 0.3 }))).not.toBe(key);
    expect(await datasetKey({ ...config, seed: 7 })).not.toBe(key);
    expect(await datasetKey({ ...config, training: { ...config.training, epochs: 9 } })).toBe(key);
    writeFileSync(source, readFileSync(source).subarray(0));
    expect(await datasetKey(config)).not.toBe(key);
  });

  it('is made again where its file was cut short', async () => {
    const config = configOf('cut');
    const first = await datasetsStep.run(config);
    const file = fileIn(join(config.cache, 'datasets'));
    truncateSync(file, 30_000);
    expect(await datasetsStep.run(config)).toEqual(first);
    expect(readFileSync(file).length).toBeGreaterThan(30_000);
  });

  it('repeats the warnings of its source', async () => {
    const categories = { main: ['gr-qc'], soft: ['nucl-th'] };
    const config = configOf('warnings', { categories });
    const messages: MessageEvent[][] = [[], []];
    for (const list of messages) await datasetsStep.run(config, { onMessage: (event) => list.push(event) });
    expect(messages[0]).toContainEqual({ level: 'warning', text: expect.stringContaining('no papers of nucl-th') });
    expect(messages[1]).toEqual(messages[0]!.filter(({ level }) => level === 'warning'));
  });

  it('has a fingerprint of what later steps read', async () => {
    const { papers } = await datasetsStep.run(configOf('same'));
    const changed = papers.map((paper, i) => (i === 5 ? { ...paper, abstract: `${paper.abstract}.` } : paper));
    expect(papersFingerprint(papers)).toBe(papersFingerprint(structuredClone(papers)));
    expect(papersFingerprint(changed)).not.toBe(papersFingerprint(papers));
  });
});

describe('papers whose texts are in a file', () => {
  const lines = gunzipSync(readFileSync(SAMPLE_CORPUS)).toString().split('\n').slice(0, 400);
  const source = join(scratch, 'some.jsonl');
  writeFileSync(source, `${lines.join('\n')}\n`);
  const config = configOf('in-file', { source });
  const folder = join(config.cache, 'datasets');
  const load = async (onProgress?: (event: ProgressEvent) => void) =>
    storedDataset(config, await datasetKey(config), { ...(onProgress && { onProgress }) }, 50);

  it('are those that are in memory, and are read again', async () => {
    const inMemory = await loadDataset(config);
    const made = await load();
    expect(made.papers.every((paper) => paper instanceof StoredPaper)).toBe(true);
    expect(made).toEqual(inMemory);
    expect(JSON.parse(JSON.stringify(made.papers))).toEqual(inMemory.papers);
    expect(made.papers.map((paper) => ({ ...paper }))).toEqual(inMemory.papers);
    expect(papersFingerprint(made.papers)).toBe(papersFingerprint(inMemory.papers));
    const progress: ProgressEvent[] = [];
    expect(await load((event) => progress.push(event))).toEqual(inMemory);
    expect(progress).toEqual([]);
  });

  it('are made again where the file is damaged or gone', async () => {
    const first = await load();
    const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.texts'))!);
    const bytes = readFileSync(file);
    for (const damage of [
      () =>
        writeFileSync(
          file,
          bytes.map((byte, i) => (i === 5000 ? byte ^ 1 : byte)),
        ),
      () => truncateSync(file, 9000),
      () => rmSync(file),
    ]) {
      damage();
      expect((await load()).papers[40]).toEqual(first.papers[40]);
      expect(readFileSync(file).equals(bytes)).toBe(true);
    }
  });

  it('leave no file where the source cannot be read', async () => {
    const damaged = join(scratch, 'broken.jsonl');
    writeFileSync(damaged, `${lines.join('\n')}\n{broken\n`);
    const broken = configOf('broken', { source: damaged, strict: true });
    await expect(storedDataset(broken, 'key', {}, 50)).rejects.toThrow(/broken.jsonl" line/);
    expect(readdirSync(join(broken.cache, 'datasets'))).toEqual([]);
  });

  it('have the same tokens, lengths and training pairs', async () => {
    const [plain, stored] = [await loadDataset(config), await load()];
    const expected = await tokensStep.run(config, plain.papers);
    const found = await tokensStep.run(config, stored.papers);
    expect(found.statistics).toEqual(expected.statistics);
    expect(found.tokens.size).toBe(expected.tokens.size);
    for (const { id } of plain.papers) expect(found.tokens.get(id)).toEqual(expected.tokens.get(id));
    expect(found.tokens.get('nobody')).toBeUndefined();
    const pairsOf = async ({ papers }: Dataset, { tokens }: TokenizedDataset) => {
      const { pairs } = await trainingTexts({ papers, trained: papers, tokens }, config, {});
      return pairs.map(({ query, document }) => ({ query, document }));
    };
    expect(await pairsOf(stored, found)).toEqual(await pairsOf(plain, expected));
  });

  it('are tokenized from where an earlier process was stopped', async () => {
    const { papers } = await load();
    const model = await resolveModelFolder('sample', { revision: 'main' });
    const cache = join(scratch, 'token-files');
    const asked: number[] = [];
    const options = {
      key: 'some papers',
      cache,
      workers: 0,
      textsOf(place: number) {
        asked.push(place);
        return papers[place]!;
      },
    };
    const stop = new AbortController();
    const stopped = tokenFileOfPapers(model, papers.length, {
      ...options,
      signal: stop.signal,
      onProgress: ({ done }) => done >= 128 && stop.abort(),
    });
    await expect(stopped).rejects.toThrow(Interrupted);
    asked.length = 0;
    const whole = await tokenFileOfPapers(model, papers.length, options);
    expect(Math.min(...asked)).toBe(128);
    const expected = await tokenizePapers(model, papers);
    expect(papers.map((_, i) => whole.paper(i))).toEqual(expected);
    // a torn block at the end is made again
    const file = join(cache, readdirSync(cache).find((name) => name.endsWith('.tokens'))!);
    truncateSync(file, readFileSync(file).length - 6);
    expect(TokenFile.open(file, papers.length).done).toBe(128);
    const again = await tokenFileOfPapers(model, papers.length, options);
    expect(again.paper(papers.length - 1)).toEqual(expected.at(-1));
    // who finds another at it waits for its end
    const release = await acquireLock(file);
    setTimeout(release, 700);
    const told: string[] = [];
    const start = performance.now();
    await tokenFileOfPapers(model, papers.length, { ...options, onMessage: ({ text }) => told.push(text) });
    expect(performance.now() - start).toBeGreaterThan(600);
    expect(told).toEqual([expect.stringMatching(/tokenized by another process.*: waiting for it/)]);
  });
});

describe('stored token ids', () => {
  const papers = [
    { title: 'Black holes', abstract: 'We study black holes and their horizons.' },
    { title: '', abstract: 'α β' },
    { title: 'Entropy of the horizon', abstract: '' },
  ];

  it('are those of the tokenizer, kept for each prompt and text', async () => {
    const folder = await resolveModelFolder('sample', { revision: 'main' });
    const cache = join(scratch, 'tokens');
    const expected = await tokenizePapers(folder, papers, { prompt: 'query: ' });
    const first = await storedTokens(folder, papers, { prompt: 'query: ', cache });
    expect(first).toEqual(expected);
    const progress: ProgressEvent[] = [];
    const again = await storedTokens(folder, papers, {
      prompt: 'query: ',
      cache,
      onProgress: (event) => progress.push(event),
    });
    expect(again).toEqual(expected);
    expect(progress).toEqual([]);
    truncateSync(fileIn(cache), 40);
    expect(await storedTokens(folder, papers, { prompt: 'query: ', cache })).toEqual(expected);
    await storedTokens(folder, papers, { prompt: '', cache });
    await storedTokens(folder, papers.slice(1), { prompt: '', cache });
    expect(readdirSync(cache)).toHaveLength(3);
  });
});

describe('a damaged cache', () => {
  it('is a miss, wherever a bit flipped, the tail went, or zeros stand', async () => {
    const config = configOf('damaged', { maxPerCategory: 3 });
    const dataset = await datasetsStep.run(config);
    const folder = await resolveModelFolder('sample', { revision: 'main' });
    const papers = dataset.papers.slice(0, 6);
    const cache = join(scratch, 'damaged-tokens');
    const options = { prompt: '', cache };
    const tokens = await storedTokens(folder, papers, options);
    const random = new Random(5, 'damage');
    const at = (length: number): number => Math.floor(random.uniform() * length);
    const damages: ((bytes: Buffer) => Buffer)[] = [
      (bytes) => {
        const place = at(bytes.length);
        bytes[place] = bytes[place]! ^ (1 << at(8));
        return bytes;
      },
      (bytes) => bytes.subarray(0, at(bytes.length)),
      (bytes) => bytes.fill(0, at(bytes.length)),
    ];
    for (let i = 0; i < 24; i++) {
      const damage = damages[i % damages.length]!;
      for (const file of [fileIn(join(config.cache, 'datasets')), fileIn(cache)]) {
        writeFileSync(file, damage(readFileSync(file)));
      }
      expect((await datasetsStep.run(config)).papers, `damage ${i}`).toEqual(dataset.papers);
      expect(await storedTokens(folder, papers, options), `damage ${i}`).toEqual(tokens);
    }
  });
});

describe('a cache that cannot be written', () => {
  it('costs a warning and nothing else', async () => {
    const blocked = join(scratch, 'a-file');
    writeFileSync(blocked, 'no folder');
    const messages: MessageEvent[] = [];
    const onMessage = (event: MessageEvent): void => void messages.push(event);
    const config = resolveConfig({ input: { cache: blocked } });
    expect(await datasetsStep.run(config, { onMessage })).toEqual(await loadDataset(config));
    const folder = await resolveModelFolder('sample', { revision: 'main' });
    const papers = [{ title: 'Black holes', abstract: 'We study black holes.' }];
    const tokens = await storedTokens(folder, papers, { prompt: '', cache: join(blocked, 'tokens'), onMessage });
    expect(tokens).toEqual(await tokenizePapers(folder, papers));
    expect(messages.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^could not keep papers in .*made again next time/),
      expect.stringMatching(/^could not keep token ids in .*made again next time/),
    ]);
  });
});

describe('the latest result', () => {
  it('is kept by its key, disposed of before another is made, and not remembered where making failed', async () => {
    const log: string[] = [];
    const latest = new Latest<string>(async (value) => void log.push(`free ${value}`));
    const make = (value: string) => async () => {
      log.push(`make ${value}`);
      return value;
    };
    expect(await latest.get('a', make('A'))).toBe('A');
    expect(await latest.get('a', make('A'))).toBe('A');
    expect(await latest.get('b', make('B'))).toBe('B');
    await expect(latest.get('c', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await latest.get('b', make('B'))).toBe('B');
    await latest.clear();
    await latest.clear();
    expect(log).toEqual(['make A', 'free A', 'make B', 'free B', 'make B', 'free B']);
  });
});
