/** Topics of one's own rows: which roles they get, and what is said of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ConfigInput, resolveConfig } from '../../lib/config/config.js';
import { type Dataset, loadDataset } from '../../lib/datasets/dataset.js';
import { makePapers } from './helpers/corpus.js';

const folder = mkdtempSync(join(tmpdir(), 'own-topics-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function load(
  rows: object[],
  datasets: ConfigInput['datasets'] = {},
): Promise<Dataset & { messages: string[]; topics: Record<string, string> }> {
  const path = join(folder, 'rows.jsonl');
  writeFileSync(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  const messages: string[] = [];
  const config = resolveConfig({ input: { datasets: { minAbstractWords: 10, ...datasets, source: path } } });
  const dataset = await loadDataset(config, { onMessage: ({ text }) => messages.push(text) });
  return { ...dataset, messages, topics: Object.fromEntries(dataset.papers.map(({ topic, role }) => [topic, role])) };
}

const rowsOf = (topics: unknown[], column = 'topic'): object[] =>
  makePapers(topics.length * 4, ['x']).map(({ title, abstract }, i) => ({
    title,
    abstract,
    [column]: topics[i % topics.length],
  }));

describe("topics of one's own", () => {
  it.each(['topic', 'category'])('in the column "%s" keep their names and are main', async (column) => {
    const { topics, papers, messages, cleaning } = await load(rowsOf(['Geology', 'Biology'], column));
    expect(topics).toEqual({ Geology: 'main', Biology: 'main' });
    expect(papers[0]?.topic).toBe('Biology');
    expect(cleaning.otherTopics).toBe(0);
    expect(messages).toEqual(['topics main, as the configuration has no other role for them: Biology, Geology']);
  });

  it('that the configuration lists have their roles there, and archives stand for their classes', async () => {
    const rows = rowsOf(['astro-ph.GA', 'cs.LG', 'Botany', 'q-bio']);
    const { topics, messages } = await load(rows, { field: 'astro-ph' });
    expect(topics).toEqual({ 'astro-ph': 'main', Botany: 'main', 'cs.LG': 'cross-domain', 'q-bio': 'different' });
    expect(Object.keys(topics)).toEqual(['astro-ph', 'Botany', 'cs.LG', 'q-bio']);
    const [said] = messages.filter((text) => text.startsWith('topics '));
    expect(said).toBe(
      'topics with the roles of the configuration: astro-ph, cs.LG, q-bio; main, as the configuration has no other role for them: Botany',
    );
    // rows with topics of their own need not have papers of all others
    expect(messages.find((text) => text.startsWith('no papers of'))).toBeUndefined();
  });

  it('without a name of their own are one corpus, and nothing is said', async () => {
    for (const values of [[undefined], [''], [null], [['a', 'list']], ['a sentence '.repeat(20)]]) {
      const { topics, messages } = await load(rowsOf(values));
      expect(topics).toEqual({ corpus: 'main' });
      expect(messages).toEqual([]);
    }
  });

  it('may be whole numbers', async () => {
    expect((await load(rowsOf([3, 14]))).topics).toEqual({ 3: 'main', 14: 'main' });
  });

  it('too many to tell apart are one from the forty-first on, by size', async () => {
    const names = Array.from({ length: 45 }, (_, i) => `t${String(i).padStart(2, '0')}`);
    const rows = [...rowsOf(names), ...rowsOf(names.slice(10)).map((row, i) => ({ ...row, id: `more-${i}` }))];
    const { topics, papers, messages } = await load(
      rows.map((row, i) => ({ ...row, title: `Number ${i} of these rows` })),
    );
    expect(Object.keys(topics)).toHaveLength(41);
    const other = papers.filter(({ topic }) => topic === 'other topics');
    expect(other.length).toBe(5 * 4);
    expect(topics).toHaveProperty('t44', 'main');
    expect(messages.join()).toContain('5 smaller ones count as one, "other topics"');
  });

  it('have a column of another name where one is given, in which every row needs a value', async () => {
    const rows = [
      ...rowsOf(['Geology'], 'subject'),
      { title: 'No subject at all', abstract: 'It has none. '.repeat(9) },
    ];
    const { topics, cleaning } = await load(rows, { columns: { topic: 'subject' } });
    expect(topics).toEqual({ Geology: 'main' });
    expect(cleaning.malformed).toBe(1);
  });
});
