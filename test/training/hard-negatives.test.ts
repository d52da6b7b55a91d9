import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { UserError } from '../../lib/core/errors.js';
import type { SplitPaper } from '../../lib/datasets/paper.js';
import { type HardNegatives, hardNegativeSampler, readHardNegatives } from '../../lib/training/hard-negatives.js';
import { trainingTexts } from '../../lib/training/training-texts.js';

const folder = mkdtempSync(join(tmpdir(), 'hard-negatives-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

function write(text: string): string {
  const file = join(folder, `${files++}.jsonl`);
  writeFileSync(file, text);
  return file;
}
const line = (query: string, ...ids: string[]): HardNegatives => ({
  query,
  own: { score: 0.9, rank: 1 },
  negatives: ids.map((id, i) => ({ id, score: 0.5 - i / 100, rank: i + 2 })),
});
const papers = Array.from({ length: 12 }, (_, i) => ({ id: `p${i}`, title: `title ${i}`, abstract: `abstract ${i}` }));
const file = (...lines: HardNegatives[]) => ({
  byQuery: new Map(lines.map((one) => [one.query, one])),
  contentHash: 'x',
});

describe('the file', () => {
  it('is read as it was written, and known by its content', async () => {
    const lines = [line('p0', 'p1', 'p2'), { ...line('p1'), own: null }];
    const path = write(lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const { byQuery, contentHash } = await readHardNegatives(path);
    expect([...byQuery.values()]).toEqual(lines);
    const other = await readHardNegatives(write(`${JSON.stringify(lines[0])}\n`));
    expect(other.contentHash).not.toBe(contentHash);
  });

  it.each([
    ['absent', () => join(folder, 'none.jsonl'), /none\.jsonl" cannot be read \(ENOENT\).*llm-embedding mine/],
    ['empty', () => write('\n'), /has no negatives/],
    ['not JSON', () => write(`${JSON.stringify(line('p0'))}\nnonsense`), /line 2/],
    [
      'of another shape',
      () => write('{"query": "p0", "own": null, "negatives": [{"id": "p1"}]}'),
      /negatives\.0\.score/,
    ],
    [
      'naming a query twice',
      () => write(`${JSON.stringify(line('p0'))}\n`.repeat(2)),
      /line 2: query "p0" occurs twice/,
    ],
  ])('%s is an error that says so', async (_, make, message) => {
    const read = readHardNegatives(make());
    await expect(read).rejects.toThrow(UserError);
    await expect(read).rejects.toThrow(message);
  });
});

describe('the file and the papers trained on', () => {
  const trained = papers.map((paper): SplitPaper => ({ ...paper, split: 'train' }) as SplitPaper);
  const tokens = new Map(papers.map(({ id }) => [id, { id, title: Int32Array.of(1), abstract: Int32Array.of(2) }]));
  const told = async (...lines: HardNegatives[]): Promise<string> => {
    const path = write(lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const config = resolveConfig({ input: { training: { hardNegatives: { file: path } } } });
    const said: string[] = [];
    const onMessage = ({ text }: { text: string }) => said.push(text.replace(path, 'FILE'));
    await trainingTexts({ papers: trained, trained, tokens: tokens as never }, config, { onMessage });
    return said.join('\n');
  };

  it('that fit together say nothing', async () => {
    expect(await told(line('p0', 'p1'), line('p1'))).toBe('');
  });

  it.each([
    [
      'queries that are not trained on',
      [line('p0', 'p1'), line('x', 'y')],
      '1 of 2 queries of "FILE" is not trained on',
    ],
    [
      'negatives that answer their query',
      [line('p0', 'p0', 'p1')],
      '1 hard negative of "FILE" answers its query, and is',
    ],
  ])('%s are counted and said', async (_, lines, expected) => {
    expect(await told(...lines)).toContain(expected);
  });

  it('that share no query are an error that shows ids of both', async () => {
    await expect(told(line('x', 'y'))).rejects.toThrow(
      /is trained on: it has "x", the data "p0"; mine the negatives again/,
    );
  });
});

describe('the negatives of a batch', () => {
  it('are drawn from the lists of its pairs, as many as asked for, others in another epoch', () => {
    const mined = file(line('p0', 'p4', 'p5', 'p6', 'p7'), line('p1', 'p8', 'p9', 'p10', 'p11'));
    const sample = hardNegativeSampler(papers, mined, { perPair: 2, seed: 1 });
    const { places: chosen, lists } = sample([0, 1, 2], 0);
    expect(lists).toEqual([[3, 4], [5, 6], []]);
    expect(chosen.filter((place) => place >= 4 && place <= 7)).toHaveLength(2);
    expect(chosen.filter((place) => place >= 8)).toHaveLength(2);
    expect(sample([0, 1, 2], 0).places).toEqual(chosen);
    const epochs = new Set(Array.from({ length: 8 }, (_, epoch) => sample([0, 1, 2], epoch).places.join()));
    expect(epochs.size).toBeGreaterThan(2);
  });

  it('are never documents of the batch, nor their texts, nor the same twice', () => {
    const twins = papers.map((paper, i) => (i === 7 ? { ...paper, abstract: 'ABSTRACT  1.' } : paper));
    const mined = file(line('p0', 'p1', 'p5', 'p7'), line('p1', 'p5', 'p0'), line('p2', 'p5'));
    const sample = hardNegativeSampler(twins, mined, { perPair: 3, seed: 1 });
    // p1 and p0 are in the batch, p7 has the abstract of p1, and p5 is in three lists
    const { places, lists } = sample([0, 1, 2], 0);
    expect(places).toEqual([5]);
    // each list names them where they stand: p1 and its twin at 1, p0 at 0, p5 behind the three
    expect(lists.map((list) => [...list].sort((a, b) => a - b))).toEqual([[1, 3], [0, 3], [3]]);
    // without p1 in the batch, p1 and its twin may come, but not both
    for (let epoch = 0; epoch < 8; epoch++) {
      const { places: chosen } = sample([0, 2], epoch);
      expect(chosen).toContain(5);
      expect(chosen.filter((place) => place === 1 || place === 7)).toHaveLength(1);
    }
  });

  it('count documents of the batch where the lists are all that there is', () => {
    const mined = file(line('p0', 'p1', 'p2', 'p5', 'p6'), line('p1', 'p0'));
    const sample = hardNegativeSampler(papers, mined, { perPair: 2, seed: 1, alone: true });
    for (let epoch = 0; epoch < 8; epoch++) {
      const { places, lists } = sample([0, 1, 2], epoch);
      expect(lists.map(({ length }) => length)).toEqual([2, 1, 0]);
      expect(lists[0]!.filter((place) => place > 2)).toHaveLength(places.length);
    }
  });

  it('refuses papers that are not trained on, and lists for none that is', () => {
    const options = { perPair: 1, seed: 1 };
    expect(() => hardNegativeSampler(papers, file(line('p0', 'test-paper')), options)).toThrow(
      /"test-paper" of "p0" is not among the 12 papers trained on/,
    );
    expect(() => hardNegativeSampler(papers, file(line('elsewhere', 'p1')), options)).toThrow(/mine them/);
  });
});
