import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type Config, resolveConfig } from '../../lib/config/config.js';
import { UserError } from '../../lib/core/errors.js';
import type { MessageEvent, ProgressEvent } from '../../lib/core/events.js';
import { cleaningTable } from '../../lib/datasets/cleaning/counts.js';
import { groupDuplicates } from '../../lib/datasets/cleaning/near-duplicates.js';
import { type Dataset, loadDataset, trainingPapers } from '../../lib/datasets/dataset.js';
import { SAMPLE_CORPUS } from '../../lib/datasets/sources/sample.js';
import { papersTable, topicTable, yearTable } from '../../lib/datasets/tables.js';
import { configuredTopics, crossListedToMain, topicLookup } from '../../lib/datasets/topics.js';
import { makePapers, snapshotLine, type TestPaper } from './helpers/corpus.js';

const folder = mkdtempSync(join(tmpdir(), 'llm-embedding-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

type DatasetInput = Partial<Config['datasets']>;
const load = (source: string, datasets: DatasetInput = {}, messages: MessageEvent[] = []): Promise<Dataset> =>
  loadDataset(resolveConfig({ input: { datasets: { source, minAbstractWords: 10, ...datasets } } }), {
    onMessage: (event) => messages.push(event),
  });
const lines = (papers: TestPaper[]): string => `${papers.map(snapshotLine).join('\n')}\n`;

const papers = makePapers(300, ['gr-qc', 'hep-th', 'cs.LG', 'q-bio.NC', 'cs.CV']);
const wanted = papers.filter((paper) => paper.categories[0] !== 'cs.CV');

it.each([
  ['1.23E+11', 'the id 1.23E+11 was rounded by a spreadsheet: save that column as text'],
  ['', 'the id is empty'],
])('a row with the id "%s" is counted, with the reason', async (id, reason) => {
  const text = 'word '.repeat(30);
  const path = write(
    'rounded.csv',
    `sep=;\nid;title;text\n${id};One;${text}\n1.23E;Two;${text}b\n3e5;Three;${text}c\n`,
  );
  const config = resolveConfig({ input: { datasets: { source: path } } });
  const said: string[] = [];
  const { papers } = await loadDataset(config, { onMessage: (event) => said.push(event.text) });
  expect(papers.map((paper) => paper.id).sort()).toEqual(['1.23E', '3e5']);
  expect(said[0]).toContain(
    `1 of 3 lines of "${path}" is not a record and was skipped; the first is line 3: ${reason}`,
  );
});

describe('a dataset from a snapshot', () => {
  it('has each paper of the topics once, with its role', async () => {
    const messages: MessageEvent[] = [];
    const { papers: loaded, cleaning } = await load(write('a.jsonl', lines(papers)), {}, messages);
    expect(loaded.map((paper) => paper.id).sort()).toEqual(wanted.map((paper) => paper.id).sort());
    expect(new Set(loaded.map((paper) => `${paper.topic} ${paper.role}`))).toEqual(
      new Set(['gr-qc main', 'hep-th soft', 'cs.LG cross-domain', 'q-bio different']),
    );
    expect(cleaning).toMatchObject({ records: 300, otherTopics: 60, kept: 240, malformed: 0 });
    expect(messages.map((message) => message.text)).toEqual([
      'no papers of astro-ph.CO, math-ph, cond-mat.stat-mech, cs.AI, stat.ML; the other topics are used',
      '240 of 300 records are kept; the others: 60 of other topics (primary category)',
    ]);
  });

  it('does not depend on the order of the lines', async () => {
    const forwards = await load(write('forwards.jsonl', lines(papers)), { maxPerCategory: 20 });
    const backwards = await load(write('backwards.jsonl.gz', gzipSync(lines(papers.slice().reverse()))), {
      maxPerCategory: 20,
    });
    expect(backwards).toEqual(forwards);
  });

  it('counts what the rules met', async () => {
    const [a, b, c, d, e, f] = wanted as [TestPaper, TestPaper, TestPaper, TestPaper, TestPaper, TestPaper];
    const changed: TestPaper[] = [
      ...wanted,
      { ...a, id: `${a.id}v1` },
      b,
      { ...c, id: '1601.00001', title: `  ${c.title.toUpperCase()}.` },
      { ...d, id: '1601.00002', title: `Comment on "${d.title}"`, abstract: `In a recent paper ${d.abstract}` },
      { ...e, id: '1601.00003', abstract: 'This paper has been withdrawn by the authors.' },
      { ...f, id: '1601.00004', abstract: 'Too short.' },
      {
        ...f,
        id: '1601.00005',
        title: 'Deep fields of gravity and light',
        abstract: `Deep fields of gravity and light are seen. ${f.abstract}`,
      },
      {
        ...f,
        id: '1601.00006',
        title: 'Trous noirs',
        abstract:
          'Nous étudions les trous noirs dans le cadre de la relativité générale et nous montrons que la masse est bornée par une constante.',
      },
    ];
    const { papers: loaded, cleaning } = await load(write('rules.jsonl', `{"not": "a paper"}\n${lines(changed)}`));
    expect(cleaning).toEqual({
      records: 249,
      malformed: 1,
      otherTopics: 0,
      revisions: 1,
      repeated: 1,
      withdrawn: 1,
      shortAbstracts: 1,
      nonEnglish: 1,
      duplicates: 1,
      beyondCap: 0,
      undated: 0,
      straddling: 0,
      equalTitles: 2,
      nearDuplicates: 0,
      titleInAbstract: 1,
      crossListedToMain: loaded.filter((paper) => paper.role !== 'main' && paper.categories.includes('gr-qc')).length,
      kept: 242,
    });
    // Everything that was read is somewhere, once.
    const {
      records,
      pairs: _,
      equalTitles,
      nearDuplicates,
      titleInAbstract,
      crossListedToMain,
      ...whereabouts
    } = cleaning;
    expect(Object.values(whereabouts).reduce((sum, count) => sum + count, 0)).toBe(records);
    expect(equalTitles + nearDuplicates + titleInAbstract + crossListedToMain).toBeGreaterThan(0);
    const sides = new Set(
      loaded.filter((paper) => paper.id === d.id || paper.id === '1601.00002').map((paper) => paper.split),
    );
    expect(sides.size).toBe(1);
  });

  it('caps and balances topics, the same papers for the same seed', async () => {
    const path = write('caps.jsonl', lines(papers.filter((_, index) => index % 5 !== 1 || index < 60)));
    const count = (loaded: Dataset): number[] =>
      ['gr-qc', 'hep-th', 'cs.LG', 'q-bio'].map(
        (topic) => loaded.papers.filter((paper) => paper.topic === topic).length,
      );
    expect(count(await load(path, { maxPerCategory: 30 }))).toEqual([30, 12, 30, 30]);
    expect(count(await load(path, { balance: 'balanced' }))).toEqual([12, 12, 12, 12]);
    const other = await loadDataset(
      resolveConfig({ input: { seed: 7, datasets: { source: path, minAbstractWords: 10, maxPerCategory: 30 } } }),
    );
    expect(other.papers.map((paper) => paper.id)).not.toEqual(
      (await load(path, { maxPerCategory: 30 })).papers.map((paper) => paper.id),
    );
    const own = await loadDataset(
      resolveConfig({
        input: { seed: 9, datasets: { source: path, minAbstractWords: 10, maxPerCategory: 30, seed: 7 } },
      }),
    );
    expect(own.papers).toEqual(other.papers);
    // Another choice, but nobody changes sides.
    const sides = new Map((await load(path)).papers.map((paper) => [paper.id, paper.split]));
    for (const paper of other.papers) expect(sides.get(paper.id)).toBe(paper.split);
  });

  it('splits by time', async () => {
    const { papers: loaded, cleaning } = await load(write('time.jsonl', lines(papers)), {
      split: { method: 'time', testFrom: '2015-07-01' },
    });
    for (const paper of loaded) expect(paper.split === 'test').toBe(paper.published! >= '2015-07-01');
    expect(loaded.some((paper) => paper.split === 'validation')).toBe(true);
    expect(loaded.length + cleaning.straddling + cleaning.undated).toBe(240);
  });

  it('never offers cross-lists to the main topic as its negatives', async () => {
    const config = resolveConfig({
      input: { datasets: { source: write('cross.jsonl', lines(papers)), minAbstractWords: 10 } },
    });
    const { papers: loaded } = await loadDataset(config);
    const train = loaded.filter((paper) => paper.split === 'train');
    const used = trainingPapers(loaded, config);
    expect(used.length).toBeLessThan(train.length);
    for (const paper of train) {
      const isCrossList = paper.role !== 'main' && paper.categories.includes('gr-qc');
      expect(used.includes(paper)).toBe(!isCrossList);
    }
  });

  it.each([
    ['no such file', () => join(folder, 'missing.jsonl'), {}, 'no such file'],
    [
      'no JSON at all',
      () => write('text.jsonl', 'once upon\na time\n'),
      {},
      'holds no record: line 1: not JSON; expected a JSON object a line',
    ],
    ['only blank lines', () => write('blank.jsonl', '\n\n  \n'), {}, 'holds no record'],
    [
      'none of the topics',
      () => write('other.jsonl', lines(makePapers(9, ['cs.CV', 'hep-ex']))),
      {},
      'its primary categories are cs.CV (5), hep-ex (4); set datasets.field or datasets.categories',
    ],
    [
      'nothing left',
      () => write('short.jsonl', lines(papers)),
      { minAbstractWords: 500 },
      '240 with a text under 500 words (datasets.minAbstractWords)',
    ],
    [
      'a malformed line under strict',
      () => write('strict.jsonl', `${lines(papers)}{"id": 1`),
      { strict: true },
      'line 301: not JSON',
    ],
    [
      'no main topic',
      () => write('main.jsonl', lines(papers)),
      { categories: { soft: ['gr-qc'] } },
      'datasets.categories.main is empty',
    ],
    [
      'a topic of two roles',
      () => write('roles.jsonl', lines(papers)),
      { categories: { main: ['gr-qc'], hard: ['gr-qc'] } },
      '"gr-qc" is listed under main and hard',
    ],
  ] satisfies [string, () => string, DatasetInput, string][])(
    '%s: one line with the fix',
    async (_, path, datasets, message) => {
      const failure = await load(path(), datasets).then(
        () => null,
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(UserError);
      expect((failure as UserError).exitCode).toBe(2);
      expect((failure as UserError).message).toContain(message);
      expect((failure as UserError).message).not.toContain('\n');
    },
  );

  it('says how many lines were skipped, and which was the first', async () => {
    const messages: MessageEvent[] = [];
    await load(write('skipped.jsonl', `${lines(papers)}oops\n[]\n`), {}, messages);
    expect(messages[0]).toEqual({
      level: 'warning',
      text: expect.stringMatching(
        /^2 of 302 lines of ".*skipped.jsonl" are not records and were skipped; the first is line 301: not JSON$/,
      ),
    });
  });
});

describe("the reader's own corpus", () => {
  const rows = Array.from({ length: 40 }, (_, index) => ({
    key: `row ${index}`,
    headline: `Headline "${index}", with a comma; and more of item${index} and thing${index * 3}`,
    body: `The body of the item ${index}\nis a text that has a line break, and it is long enough to be kept as it is.`,
    field: index % 2 === 0 ? 'Cell Biology' : 'Geology',
    day: `20${10 + (index % 10)}-03-01`,
  }));
  const columns = { id: 'key', title: 'headline', text: 'body', topic: null, published: 'day' };
  const csv = (delimiter: string): string => {
    const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`;
    const all = rows.map((row) => Object.values(row).map(quote).join(delimiter));
    return [Object.keys(rows[0]!).join(delimiter), ...all].join('\r\n');
  };
  const check = ({ papers: loaded, cleaning }: Dataset): void => {
    expect(cleaning).toMatchObject({ records: 40, kept: 40, malformed: 0 });
    const byId = new Map(loaded.map((paper) => [paper.id, paper]));
    for (const row of rows) {
      expect(byId.get(row.key)).toMatchObject({
        title: row.headline,
        abstract: row.body.replace('\n', ' '),
        topic: 'corpus',
        role: 'main',
        published: row.day,
      });
    }
  };

  it.each([',', ';', '\t'])('as CSV with delimiter %j', async (delimiter) => {
    check(await load(write('own.csv', csv(delimiter)), { columns }));
  });

  it('as JSON lines, gzipped CSV, and a BEIR folder', async () => {
    check(await load(write('own.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')), { columns }));
    check(await load(write('own.csv.gz', gzipSync(csv(','))), { columns }));
    const beir = mkdtempSync(join(folder, 'beir-'));
    writeFileSync(
      join(beir, 'corpus.jsonl'),
      rows.map((row) => JSON.stringify({ _id: row.key, title: row.headline, text: row.body, metadata: {} })).join('\n'),
    );
    const { papers: loaded } = await load(beir);
    expect(loaded.map((paper) => paper.id).sort()).toEqual(rows.map((row) => row.key).sort());
    expect(loaded[0]).toMatchObject({ topic: 'corpus', published: null });
  });

  it.each(['small.csv', 'small.jsonl'])('tells when %s is read to its end, small as it is', async (name) => {
    const content = name.endsWith('csv') ? csv(',') : rows.map((row) => JSON.stringify(row)).join('\n');
    const events: ProgressEvent[] = [];
    const config = resolveConfig({ input: { datasets: { source: write(name, content), columns } } });
    await loadDataset(config, { onProgress: (event) => events.push(event) });
    expect(events.filter(({ done, total }) => done === total)).toEqual([events.at(-1)]);
    expect(events.at(-1)).toEqual({ task: 'reading papers', done: 1, total: 1, unit: 'MB' });
  });

  it('with a column of topics and their roles', async () => {
    const { papers: loaded } = await load(write('topics.csv', csv(',')), {
      columns: { ...columns, topic: 'field' },
      categories: { main: ['Geology'], hard: ['Cell Biology'] },
    });
    expect(loaded.filter((paper) => paper.topic === 'Geology' && paper.role === 'main')).toHaveLength(20);
    expect(loaded.filter((paper) => paper.topic === 'Cell Biology' && paper.role === 'hard')).toHaveLength(20);
  });

  it('numbers rows without id, reads title and abstract by default', async () => {
    const path = write(
      'plain.jsonl',
      rows.map((row) => JSON.stringify({ title: row.headline, abstract: row.body })).join('\n'),
    );
    const { papers: loaded } = await load(path);
    expect(loaded.map((paper) => paper.id).sort()).toEqual(rows.map((_, index) => `line-${index + 1}`).sort());
  });

  it.each([
    [
      'a missing column',
      'a,b\n1,2\n',
      {},
      'has no column "title", "text": it has "a", "b"; name the columns with datasets.columns',
    ],
    [
      'a named column that is missing',
      'title,text\nx,y\n',
      { columns: { ...columns, id: null } },
      'has no column "headline", "body", "day"',
    ],
    ['a quote that is never closed', `title,text\n"x,y\n${'z,z\n'.repeat(400_000)}`, { strict: true }, 'mend the line'],
    ['only a header', 'title,text\n', {}, 'holds no record'],
    ['two columns of one name', 'title,text,title\na,b,c\n', {}, 'has two columns "title": rename one of them'],
    [
      'a comma that is not quoted',
      'title,text\nBlack holes, and more,The abstract of it\n',
      { strict: true },
      '3 fields where the header has 2',
    ],
  ] satisfies [string, string, DatasetInput, string][])(
    '%s: one line with the fix',
    async (_, content, datasets, message) => {
      const failure = await load(write('bad.csv', content), datasets).then(
        () => null,
        (error: unknown) => error,
      );
      expect(failure).toBeInstanceOf(UserError);
      expect((failure as UserError).message).toContain(message);
      expect((failure as UserError).message).not.toContain('\n');
    },
  );

  it('never takes a text from the wrong column of a row with more or fewer fields', async () => {
    const text = 'The text of it is long enough to be kept as it is here.';
    const content = `title,text\nA good title,${text}\nBlack holes, and more,${text}\nCut short\n`;
    const messages: MessageEvent[] = [];
    const { papers: loaded, cleaning } = await load(write('shifted.csv', content), {}, messages);
    expect(loaded.map((paper) => paper.title)).toEqual(['A good title']);
    expect(cleaning).toMatchObject({ records: 3, malformed: 2, kept: 1 });
    expect(messages[0]?.text).toMatch(/2 of 3 lines .* the first is line 3: 3 fields where the header has 2/);
  });

  it('counts rows without title, and names them under strict', async () => {
    const content = `title,text\n${'A title,The text of it is long enough to be kept as it is here.\n'.repeat(2)},No title here but a text that is long enough to be kept.\n`;
    expect((await load(write('gap.csv', content))).cleaning).toMatchObject({ records: 3, malformed: 1 });
    await expect(load(write('gap.csv', content), { strict: true })).rejects.toThrow(
      /gap.csv" line 4: "title" is empty/,
    );
  });

  it('says what a folder lacks', async () => {
    await expect(load(mkdtempSync(join(folder, 'empty-')))).rejects.toThrow(
      /holds no data: expected train.jsonl.*corpus.jsonl/,
    );
  });
});

describe('tables', () => {
  it('hold the papers, the topics, the years and the cleaning', async () => {
    const { papers: loaded, cleaning } = await load(write('tables.jsonl', lines(papers)));
    const table = papersTable(loaded);
    expect(table.numRows()).toBe(240);
    expect(table.columnNames()).toEqual([
      'id',
      'title',
      'abstract',
      'topic',
      'role',
      'categories',
      'published',
      'text',
      'split',
      'titleInAbstract',
    ]);
    expect(table.get('text', 3)).toBe(`${loaded[3]?.title}\n\n${loaded[3]?.abstract}`);
    const topics = topicTable(loaded).objects() as Record<string, number | string>[];
    expect(topics.map((row) => [row.topic, row.papers])).toEqual([
      ['gr-qc', 60],
      ['hep-th', 60],
      ['cs.LG', 60],
      ['q-bio', 60],
    ]);
    for (const row of topics) expect(Number(row.train) + Number(row.validation) + Number(row.test)).toBe(row.papers);
    expect(yearTable(loaded).objects()).toEqual([
      { year: 2015, papers: 240, 'gr-qc': 60, 'hep-th': 60, 'cs.LG': 60, 'q-bio': 60 },
    ]);
    const rules = cleaningTable(cleaning).objects() as { rule: keyof typeof cleaning; papers: number }[];
    for (const row of rules) expect(row.papers).toBe(cleaning[row.rule]);
    expect(rules).toHaveLength(Object.keys(cleaning).length);
  });
});

it('topics with the names of columns, or of what JavaScript keeps there, have columns of their own', async () => {
  const names = ['year', 'papers', '__proto__', 'constructor'];
  const rows = names.map((topic, i) =>
    JSON.stringify({ id: `p${i}`, title: `On the subject ${i}`, text: `${'words of the text '.repeat(5)}${i}`, topic }),
  );
  const source = write('named.jsonl', rows.join('\n'));
  const { papers } = await load(source, {
    columns: { id: null, title: 'title', text: 'text', topic: 'topic', published: null },
    categories: { main: ['year', '__proto__'], different: ['papers', 'constructor'] },
  });
  const table = yearTable(papers);
  expect(table.columnNames()).toEqual([
    'year',
    'papers',
    'topic year',
    'topic __proto__',
    'topic papers',
    'constructor',
  ]);
  expect(table.columnNames().map((name) => table.get(name, 0))).toEqual([null, 4, 1, 1, 1, 1]);
});

it('an id under which two topics have different titles is told of', async () => {
  const row = (topic: string) =>
    JSON.stringify({ id: 'a', title: `On ${topic}`, text: 'words of the text '.repeat(5), topic });
  const messages: MessageEvent[] = [];
  const columns = { id: null, title: 'title', text: 'text', topic: 'topic', published: null };
  const categories = { main: ['one'], different: ['two'] };
  const { papers } = await load(
    write('two.jsonl', `${row('one')}\n${row('two')}\n`),
    { columns, categories },
    messages,
  );
  expect(papers.map(({ title }) => title)).toEqual(['On one']);
  expect(messages.map(({ text }) => text).join('\n')).toMatch(/"a" is "On one" and "On two"/);
});

it('topics: the exact category before its archive', () => {
  const lookup = topicLookup(configuredTopics({ main: ['q-bio.NC'], different: ['q-bio'] }));
  expect(lookup('q-bio.NC')?.role).toBe('main');
  expect(lookup('q-bio.PE')?.role).toBe('different');
  expect(lookup('q-biology')).toBeNull();
  expect(crossListedToMain({ role: 'soft', categories: ['hep-th', 'q-bio.NC'] }, { main: ['q-bio'] })).toBe(true);
  expect(crossListedToMain({ role: 'soft', categories: ['hep-th', 'cs.LG'] }, { main: ['q-bio'] })).toBe(false);
});

const real = fileURLToPath(new URL('../../../shared/data/arxiv-metadata-snapshot.jsonl.gz', import.meta.url));
describe.skipIf(!existsSync(real))('real records (../shared/data)', () => {
  it('all of them, by primary category, no near duplicates on two sides', async () => {
    const { papers: loaded, cleaning } = await loadDataset(resolveConfig({ input: { datasets: { source: real } } }));
    expect(cleaning).toMatchObject({ records: 37813, malformed: 0, otherTopics: 16037, kept: 21776 });
    const topics = topicTable(loaded).objects() as { topic: string; papers: number }[];
    expect(Object.fromEntries(topics.map((row) => [row.topic, row.papers]))).toEqual({
      'gr-qc': 3125,
      'hep-th': 551,
      'astro-ph.CO': 2510,
      'math-ph': 1523,
      'cond-mat.stat-mech': 962,
      'cs.LG': 5989,
      'cs.AI': 3380,
      'stat.ML': 2123,
      'q-bio': 1613,
    });
    const side = new Map<string, string>();
    const moved = (await groupDuplicates(loaded)).filter(({ groupKey }, index) => {
      const split = loaded[index]?.split as string;
      const isOther = (side.get(groupKey) ?? split) !== split;
      side.set(groupKey, split);
      return isOther;
    });
    expect(moved).toEqual([]);
    expect(cleaning.equalTitles + cleaning.nearDuplicates).toBeGreaterThan(50);
    expect(cleaning.equalTitles + cleaning.nearDuplicates).toBeLessThan(300);
  }, 300_000);
});

describe.skipIf(!existsSync(SAMPLE_CORPUS))('the sample corpus', () => {
  it('has all nine topics', async () => {
    const { papers: loaded, cleaning } = await loadDataset(resolveConfig());
    expect(cleaning.malformed).toBe(0);
    expect(new Set(loaded.map((paper) => paper.topic)).size).toBe(9);
    expect(loaded.filter((paper) => paper.role === 'main').length).toBeGreaterThanOrEqual(380);
  });
});
