import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type ConfigInput, resolveConfig } from '../../../lib/config/config.js';
import { UserError } from '../../../lib/core/errors.js';
import type { MessageEvent } from '../../../lib/core/events.js';
import { cleaningTable } from '../../../lib/datasets/cleaning/counts.js';
import { type Dataset, loadDataset } from '../../../lib/datasets/dataset.js';
import { topicTable } from '../../../lib/datasets/tables.js';
import { papersByTopicFigure } from '../../../lib/display/figures/papers.js';
import { LAYOUTS, triples } from './layouts.js';

const scratch = mkdtempSync(join(tmpdir(), 'pairs-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
let folders = 0;

function newFolder(): string {
  const folder = join(scratch, String(folders++));
  mkdirSync(folder);
  return folder;
}
function write(name: string, text: string): string {
  const path = join(newFolder(), name);
  writeFileSync(path, text);
  return path;
}
const jsonLines = (...rows: unknown[]): string =>
  write('pairs.jsonl', rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''));

async function load(source: string, datasets: ConfigInput['datasets'] = {}) {
  const messages: MessageEvent[] = [];
  const config = resolveConfig({ input: { datasets: { source, ...datasets } } });
  const dataset = await loadDataset(config, { onMessage: (event) => messages.push(event) });
  const warnings = messages.filter(({ level }) => level === 'warning').map(({ text }) => text);
  return { dataset, warnings, messages: messages.map(({ text }) => text) };
}

/** Query, document, side and the texts of the negatives of each pair. */
function told({ papers, collection }: Dataset) {
  const texts = new Map(collection?.documents.map(({ id, text }) => [id, text]));
  for (const { pair, abstract } of papers) texts.set(pair!.document, abstract);
  return papers
    .filter(({ pair }) => pair!.relevant)
    .map(({ title, abstract, split, pair }) => ({
      query: title,
      positive: abstract,
      split,
      negatives: pair!.negatives.map((id) => texts.get(id)).sort(),
    }))
    .sort((a, b) => (a.query < b.query ? -1 : 1));
}

describe('each layout', () => {
  const rows = triples(40);
  const expected = rows
    .map((row, i) => ({ ...row, split: i % 5 === 3 ? 'validation' : i % 5 === 4 ? 'test' : 'train' }))
    .sort((a, b) => (a.query < b.query ? -1 : 1));

  it.each(Object.keys(LAYOUTS))('%s gives the same pairs', async (name) => {
    const { dataset, warnings } = await load(LAYOUTS[name]!(newFolder(), rows));
    expect(warnings).toEqual([]);
    expect(told(dataset)).toEqual(expected);
    expect(dataset.cleaning.kept).toBe(dataset.papers.length);
    expect(new Set(dataset.papers.map(({ id }) => id)).size).toBe(dataset.papers.length);
  });

  it('Parquet, where an empty document is no pair, and whole numbers keep their digits', async () => {
    const source = fileURLToPath(new URL('../../fixtures/pairs/triplets-snappy.parquet', import.meta.url));
    const { dataset, warnings } = await load(source, { testShare: 0, validationShare: 0 });
    expect(warnings).toEqual([expect.stringMatching(/1 of 5 rows of .* the first is row 4: no "positive"/)]);
    expect(told(dataset).map(({ query, negatives }) => [query, negatives])).toEqual([
      ['How far is the Moon?', ['Far.', 'Near.']],
      ['Was läuft?', []],
      ['What bends light?', ['Paint is dry.', 'Rain is wet.']],
      ['Who wrote it?', ['He did.']],
    ]);
  });

  it('lists of positives with titles and ids are pairs of their own', async () => {
    const source = jsonLines({
      query_id: 7,
      query: 'q',
      positive_passages: [
        { docid: 'a', title: 'A', text: 'one' },
        { docid: 'b', title: '', text: 'two' },
      ],
      negative_passages: [{ docid: 'c', text: 'three' }],
    });
    const { dataset } = await load(source, { testShare: 0, validationShare: 0 });
    expect(dataset.papers.map(({ id, title, abstract }) => [id, title, abstract])).toEqual([
      ['7~a', 'q', 'A one'],
      ['7~b', 'q', 'two'],
    ]);
    expect(dataset.papers[0]!.pair).toMatchObject({ documentTitle: 'A', negatives: ['c'] });
  });
});

describe('what is no pair', () => {
  it.each([
    [`['a b', 'c d']`],
    [`['a b' 'c d']`],
    [`["it's one", 'two']`],
    [`[{'docid': '1', 'text': 'a'}]`],
    [`[None, 'a']`],
  ])('is a list as Python prints it: %s', async (list) => {
    const rows = [
      { query: 'a', positive: 'b' },
      { query: 'c', positive: 'd', negatives: list },
    ];
    const { warnings } = await load(jsonLines(...rows));
    expect(warnings.join()).toMatch(/1 of 2 rows .*line 2: "negatives" is a list as Python prints it: expected JSON/);
  });

  it('is no text in brackets', async () => {
    const { dataset } = await load(jsonLines({ query: 'a', positive: '[Phys. Rev. D 1, 2]' }));
    expect(dataset.cleaning).toMatchObject({ malformed: 0, kept: 1 });
  });

  it('is counted with file and line, or ends the reading', async () => {
    const source = jsonLines(
      { query: 'a', positive: 'b' },
      'nonsense',
      { query: '', positive: 'c' },
      { query: 'd', positive: ['e', 3] },
      { query: 'f', positive: 'g', split: 'later' },
      { query: 'h', positive: 'i', split: 'test' },
    );
    const { dataset, warnings } = await load(source);
    expect(warnings).toEqual([
      `4 of 6 rows of "${source}" are no pairs and were skipped; the first is line 2: not JSON`,
    ]);
    expect(dataset.cleaning).toMatchObject({ records: 6, malformed: 4, kept: 2 });
    const strict = load(source, { strict: true });
    await expect(strict).rejects.toThrow(/line 2: not JSON; mend the line/);
    await expect(load(jsonLines({ query: 'f', positive: 'g', split: 'later' }))).rejects.toThrow(
      /holds no pair: line 1: "split" says "later": expected train, validation or test/,
    );
    await expect(load(jsonLines({ anchr: 'f', positive: 'g' }), { kind: 'pairs' })).rejects.toThrow(
      /did you mean "anchor"/,
    );
  });

  it('is a pair met before, a text that answers itself, or a negative that answers its query', async () => {
    const source = jsonLines(
      { query: 'What is it?', positive: 'One', negatives: ['Three'] },
      { query: 'what is  it', positive: 'one.', negatives: ['Four', 'Two', 'WHAT IS IT'] },
      { query: 'What is it?', positive: 'Two' },
      { query: 'Same', positive: 'same!' },
    );
    const { dataset, messages } = await load(source, { testShare: 0, validationShare: 0 });
    expect(told(dataset)).toEqual([
      { query: 'What is it?', positive: 'One', split: 'train', negatives: ['Four', 'Three'] },
      { query: 'What is it?', positive: 'Two', split: 'train', negatives: [] },
    ]);
    expect(dataset.cleaning.pairs).toMatchObject({ pairs: 4, repeated: 1, equalTexts: 1, falseNegatives: 2 });
    expect(topicTable(dataset.papers).columnNames()).toEqual(['set', 'pairs', 'train', 'validation', 'test']);
    expect(cleaningTable(dataset.cleaning).columnNames()).toEqual(['rule', 'pairs', 'action', 'meaning']);
    expect(papersByTopicFigure(dataset.papers).layout.title.text).toBe('Pairs by data set');
    expect(messages.at(-1)).toBe(
      '2 of 4 pairs are kept; the others: 1 met before, 1 with the same text as query and document; dropped: 2 negatives that answer their query',
    );
  });

  it('is a row whose id means another text', async () => {
    const source = jsonLines(
      { query_id: 'q', query: 'one', positive: 'a' },
      { query_id: 'q', query: 'two', positive: 'b' },
    );
    const { warnings } = await load(source);
    expect(warnings).toEqual([
      expect.stringMatching(/line 2: the query "q" has another text than before: "two", not "one"/),
    ]);
  });
});

describe('scores', () => {
  const rows = [
    { sentence1: 'a', sentence2: 'b', score: 4.5 },
    { sentence1: 'c', sentence2: 'd', score: 1.2 },
  ];

  it('that are no grades need a least one to say what is relevant', async () => {
    await expect(load(jsonLines(...rows))).rejects.toThrow(UserError);
    await expect(load(jsonLines(...rows))).rejects.toThrow(
      /scores from 1.2 to 4.5 that are no grades: set datasets.minScore/,
    );
    const { dataset } = await load(jsonLines(...rows), { minScore: 3 });
    expect(dataset.papers.map(({ pair }) => [pair!.score, pair!.relevant])).toEqual([
      [4.5, true],
      [1.2, false],
    ]);
  });

  it('of 0 make a document a negative of its query', async () => {
    const source = jsonLines(
      { query: 'q', document: 'good', label: 2 },
      { query: 'q', document: 'bad', label: 0 },
      { query: 'r', document: 'bad', label: 1 },
    );
    const { dataset } = await load(source, { testShare: 0, validationShare: 0 });
    expect(told(dataset)).toEqual([
      { query: 'q', positive: 'good', split: 'train', negatives: ['bad'] },
      { query: 'r', positive: 'bad', split: 'train', negatives: [] },
    ]);
  });
});

it('a column that only later lines have is read, whatever it holds', async () => {
  const rows = triples(40).map(({ query, positive }) => ({ query, positive }));
  const sided = rows.map((row, i) => (i < 25 ? row : { ...row, split: 'test', negative: `no answer ${i}` }));
  const { dataset } = await load(jsonLines(...sided), { validationShare: 0, testShare: 0 });
  expect(told(dataset).filter(({ split }) => split === 'test')).toHaveLength(15);
  expect(told(dataset).filter(({ negatives }) => negatives.length === 1)).toHaveLength(15);
});

it('a pair with two grades in two files of judgements is refused by name', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'qrels'));
  const lines = (kind: string) =>
    [1, 2, 3].map((i) => JSON.stringify({ _id: `${kind}${i}`, text: `${kind} text ${i}` }));
  writeFileSync(join(folder, 'queries.jsonl'), lines('q').join('\n'));
  writeFileSync(join(folder, 'corpus.jsonl'), lines('d').join('\n'));
  const head = 'query-id\tcorpus-id\tscore\n';
  writeFileSync(join(folder, 'qrels/train.tsv'), `${head}q1\td1\t1\nq2\td2\t1\n`);
  writeFileSync(join(folder, 'qrels/test.tsv'), `${head}q1\td1\t2\nq3\td3\t1\n`);
  const said = await load(folder, { kind: 'pairs' }).catch((error: unknown) => error);
  expect(said).toBeInstanceOf(UserError);
  expect((said as UserError).message).toMatch(/query "q1" with document "d1".*score 1, and has 2.*one grade/s);
});

describe('several data sets', () => {
  it('keep their ids apart, share what is the same, and take papers as pairs of title and abstract', async () => {
    const one = jsonLines({ query_id: 1, query: 'a', positive: 'b' }, { query: 'x', positive: 'y', query_id: 2 });
    const two = jsonLines({ query_id: 1, query: 'c', positive: 'd' }, { query: 'x', positive: 'y', query_id: 9 });
    const sets = [
      { source: one, name: 'one' },
      { source: two, name: 'two' },
      { source: 'sample', name: 'papers' },
    ];
    const { dataset } = await load('sample', { sets, maxPerCategory: 20, testShare: 0.2 });
    const topics = dataset.papers.map(({ topic }) => topic);
    expect(new Set(topics)).toEqual(new Set(['one', 'two', 'papers']));
    expect(topics.filter((topic) => topic === 'papers')).toHaveLength(20);
    expect(dataset.papers.map(({ pair }) => pair!.query).filter((id) => !id.startsWith('papers/'))).toEqual(
      expect.arrayContaining(['one/1', 'two/1']),
    );
    const sides = new Map(dataset.papers.filter(({ title }) => title === 'x').map(({ split, id }) => [id, split]));
    expect(new Set(sides.values()).size).toBe(1);
  });

  it('need names that differ, and files that are there', async () => {
    const path = jsonLines({ query: 'a', positive: 'b' });
    await expect(load('sample', { sets: [{ source: path }, { source: path }] })).rejects.toThrow(
      /two data sets called "pairs"/,
    );
    await expect(load('sample', { sets: [{ source: join(scratch, 'none.csv') }] })).rejects.toThrow(
      /datasets.sets: no such file/,
    );
  });
});

describe('a folder', () => {
  it('without data says what was expected, and what to do with Arrow', async () => {
    await expect(load(newFolder())).rejects.toThrow(/holds no data: expected train.jsonl/);
    const arrow = newFolder();
    writeFileSync(join(arrow, 'data-00000-of-00001.arrow'), 'x');
    await expect(load(arrow)).rejects.toThrow(/Arrow files.*to_parquet/);
  });

  it('of BEIR counts what its judgements name in vain, and keeps what nobody asks for', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'qrels'));
    const json = (rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    writeFileSync(
      join(folder, 'corpus.jsonl'),
      json([1, 2, 3, 4].map((i) => ({ _id: `d${i}`, title: 'T', text: `text ${i}` }))),
    );
    writeFileSync(join(folder, 'queries.jsonl'), json([1, 2].map((i) => ({ _id: `q${i}`, text: `query ${i}` }))));
    const heading = 'query-id\tcorpus-id\tscore\n';
    writeFileSync(join(folder, 'qrels', 'train.tsv'), `${heading}q1\td1\t1\nq9\td1\t1\n`);
    writeFileSync(join(folder, 'qrels', 'test.tsv'), `${heading}q2\td2\t2\nq2\td9\t1\n`);
    const { dataset, warnings } = await load(folder, { validationShare: 0 });
    expect(warnings).toEqual([
      expect.stringMatching(/1 name a document that corpus.jsonl lacks.*; 1 name a query that queries.jsonl lacks/),
    ]);
    expect(dataset.papers.map(({ id, split }) => [id, split])).toEqual([
      ['q1~d1', 'train'],
      ['q2~d2', 'test'],
    ]);
    expect(dataset.collection).toMatchObject({ searchesAll: true, dropSelf: true });
    expect(dataset.collection?.documents.map(({ id, split }) => [id, split])).toEqual([
      ['d3', null],
      ['d4', null],
    ]);
    expect(dataset.collection?.unfound).toEqual([
      { split: 'test', query: 'q2', text: 'query 2', document: 'd9', grade: 1 },
    ]);
  });
});
