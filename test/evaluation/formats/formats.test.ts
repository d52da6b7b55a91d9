import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readQrels, writeQrels } from '../../../lib/datasets/beir/qrels.js';
import { scoreQueries } from '../../../lib/evaluation/evaluate-run.js';
import { readBeir } from '../../../lib/evaluation/formats/beir.js';
import { writeQueryScores } from '../../../lib/evaluation/formats/query-csv.js';
import { evaluateRunFile, readRun, writeRun } from '../../../lib/evaluation/formats/trec.js';
import { rankDocuments } from '../../../lib/retrieval/ranking.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'formats-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
};

describe('TREC runs', () => {
  it('are written as trec_eval reads them', async () => {
    const path = join(folder, 'runs', 'a.trec');
    await writeRun(
      path,
      new Map([
        [
          'q1',
          [
            { id: 'b', score: 0.5 },
            { id: 'a', score: 1.25 },
            { id: 'c', score: 0.5 },
          ],
        ],
      ]),
      'tuned',
    );
    expect(readFileSync(path, 'utf8')).toBe('q1 Q0 a 1 1.25 tuned\nq1 Q0 c 2 0.5 tuned\nq1 Q0 b 3 0.5 tuned\n');
  });

  it('keep ids with white space apart, or refuse them', async () => {
    const path = join(folder, 'spaces.trec');
    const of = (...ids: string[]) => new Map([['q 1', ids.map((id, i) => ({ id, score: 9 - i }))]]);
    await writeRun(path, of('a b', 'a\u00a0b', 'a_b', 'http://x/a%20c'), 'a tag');
    expect(readFileSync(path, 'utf8').split('\n')[0]).toBe('q%201 Q0 a%20b 1 9 a_tag');
    const read = await readRun(path);
    expect(read.get('q%201')?.map(({ id }) => id)).toEqual(['a%20b', 'a%C2%A0b', 'a_b', 'http://x/a%20c']);
    await expect(writeRun(path, of('a b', 'a%20b'), 't')).rejects.toThrow(
      /"a b" and "a%20b" are the same in a TREC file/,
    );
  });

  it('rank alike after writing and reading, to the last bit of single precision', async () => {
    const path = join(folder, 'a.trec');
    const scores = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(scores, async (values) => {
        const found = values.map((score, i) => ({ id: `d${i}`, score }));
        await writeRun(path, new Map([['q', found]]), 't');
        const read = (await readRun(path)).get('q')!;
        expect(read.map(({ id, score }) => [id, Math.fround(score) + 0])).toEqual(
          rankDocuments(found).map(({ id, score }) => [id, score + 0]),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('rank by every digit of their scores, and say where trec_eval, which keeps fewer, would not', async () => {
    const path = join(folder, 'digits.trec');
    const scores = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(scores, async (values) => {
        const found = values.map((score, i) => ({ id: `d${i}`, score }));
        await writeRun(path, new Map([['q', found]]), 't');
        const read = (await readRun(path)).get('q')!;
        expect(rankDocuments(read)).toEqual(rankDocuments(found).map(({ id, score }) => ({ id, score: score + 0 })));
      }),
      { numRuns: 50 },
    );

    const run = file('run', 'q Q0 d1 1 0.12345678912 t\nq Q0 d2 2 0.12345678911 t\nq Q0 d3 3 -1e39 t\n');
    const messages: string[] = [];
    const onMessage = ({ text }: { text: string }): void => void messages.push(text);
    const judged = file('qrels', 'q 0 d1 1\n');
    const { metrics } = await evaluateRunFile(run, judged, ['mrr@10'], { seed: 1, onMessage });
    expect(metrics['mrr@10']!.value).toBe(1);
    expect(messages).toEqual([
      '1 result differs from the next by less than single precision holds: ranked by score here, by id in trec_eval',
    ]);
  });

  it('are read whatever separates their fields, plain or gzip, with or without tag', async () => {
    const text = '\uFEFFq1\tQ0\td1\t1\t12.5\ttag\r\n  q1 Q0 d2 2 -1e-3\n\n2 0 d1 1 3 x';
    for (const path of [file('run', text), file('run.gz', gzipSync(text))]) {
      const run = await readRun(path);
      expect([...run.keys()]).toEqual(['q1', '2']);
      expect(run.get('q1')).toEqual([
        { id: 'd1', score: 12.5 },
        { id: 'd2', score: -0.001 },
      ]);
    }
  });

  it.each([
    ['q1 Q0 d1 1', /line 2: expected "query Q0 document rank score tag", got "q1 Q0 d1 1"/],
    ['q1 Q0 d1 1 high tag', /line 2/],
    ['q1 Q0 d1 1 NaN tag', /line 2/],
    ['q1 Q0 d1 1 2 tag more', /line 2/],
    ['q1 Q0 d1 1 0x10 tag', /line 2: expected/],
    ['q1 Q0 d1 1 1e400 tag', /line 2: the score 1e400 is too large for a number/],
    ['q0 Q0 d 1 1 t', /line 2: query "q0" has document "d" twice/],
  ])('with the line "%s" name it', async (line, message) => {
    const path = file('run', `q0 Q0 d 1 1 t\n${line}\n`);
    await expect(readRun(path)).rejects.toMatchObject({ name: 'UserError', message });
  });

  it('that are missing or empty are an error', async () => {
    await expect(readRun(join(folder, 'none'))).rejects.toThrow(/no such file/);
    await expect(readRun(file('empty', ''))).rejects.toThrow(/is empty/);
    await expect(readRun(file('blank', '\n\n'))).rejects.toThrow(/no line to read/);
  });
});

describe('judgements', () => {
  const expected = new Map([
    [
      'q1',
      new Map([
        ['d1', 2],
        ['d 2', 0],
      ]),
    ],
    ['7', new Map([['d1', 1]])],
  ]);
  it.each([
    ['BEIR', 'query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td 2\t0\n7\td1\t1\n'],
    ['BEIR without headings', 'q1\td1\t2\nq1\td 2\t0\n7\td1\t1'],
    ['TREC with tabs', 'q1\t0\td1\t2\nq1\t0\td 2\t0\r\n7\tQ0\td1\t1\n'],
  ])('are read in the format of %s', async (_name, text) => {
    expect(await readQrels(file('qrels', text))).toEqual(expected);
    expect(await readQrels(file('qrels.gz', gzipSync(text)))).toEqual(expected);
  });

  it('are read as they are written', async () => {
    const qrels = new Map([
      [
        'q1',
        new Map([
          ['d1', 2],
          ['d2', -1],
        ]),
      ],
    ]);
    await writeQrels(join(folder, 'qrels'), qrels);
    expect(readFileSync(join(folder, 'qrels'), 'utf8')).toBe('q1 0 d1 2\nq1 0 d2 -1\n');
    expect(await readQrels(join(folder, 'qrels'))).toEqual(qrels);
  });

  it.each(['q1 0 d1', 'q1 0 d1 1 1'])('with the line "%s" name it', async (line) => {
    await expect(readQrels(file('qrels', `q 0 d 1\n${line}\n`))).rejects.toThrow(
      /line 2: expected "query 0 document grade"/,
    );
  });
});

it.each(['1.5', '1e400', 'nan', '-', 'high', 'relevant', 'yes', 'score', 'null', 'l'])(
  'a first judgement with the grade "%s" is not taken for headings, a later one neither',
  async (grade) => {
    const refused = (line: number): string =>
      `line ${line}: the grade "${grade}" is not a whole number from -1000 to 1000: mend the line`;
    for (const fields of ['q1\td1', 'q1 d1', 'q1 0 d1', 'query1 0 d1']) {
      const line = `${fields}${fields.includes('\t') ? '\t' : ' '}${grade}\n`;
      await expect(readQrels(file('qrels', `${line}q2\td2\t1\n`))).rejects.toThrow(refused(1));
      await expect(readQrels(file('qrels', `${line.replace(grade, '1')}${line}`))).rejects.toThrow(refused(2));
    }
  },
);

it.each([
  'query-id\tcorpus-id\tscore',
  'query_id\tdoc_id\trelevance',
  'Query ID\tDoc ID\tRelevance Score',
  'qid pid label',
  'qid 0 docno rel',
  'topic iter docid judgment',
  '#query document grade',
])('the headings "%s" are told by what they say', async (headings) => {
  const row = headings.split(/[\t ]/).length === 4 && !headings.includes('\t') ? 'q1 0 d1 2' : 'q1\td1\t2';
  expect(await readQrels(file('qrels', `${headings}\n${row}\n`))).toEqual(new Map([['q1', new Map([['d1', 2]])]]));
});

it('judgements of one pair with two grades are refused, with one grade kept', async () => {
  await expect(readQrels(file('qrels', 'q1 0 d1 1\nq1 0 d1 0\n'))).rejects.toThrow(
    /line 2: query "q1" and document "d1" are judged 1 and 0/,
  );
  expect(await readQrels(file('qrels', 'q1 0 d1 1\nq1 0 d1 1\n'))).toEqual(new Map([['q1', new Map([['d1', 1]])]]));
  await expect(readQrels(file('qrels', 'q1 0 d1 99999\n'))).rejects.toThrow(/line 1: the grade "99999"/);
});

describe('metrics of files', () => {
  it('are those of the field for its own example', async () => {
    const data = JSON.parse(
      readFileSync(new URL('../../fixtures/evaluation/ir_metrics.json', import.meta.url), 'utf8'),
    );
    const lines = (
      table: Record<string, Record<string, number>>,
      line: (q: string, d: string, value: number) => string,
    ) =>
      Object.entries(table)
        .flatMap(([q, row]) => Object.entries(row).map(([d, value]) => line(q, d, value)))
        .join('\n');
    const run = file(
      'run',
      lines(data.run, (q, d, score) => `${q} Q0 ${d} 1 ${score} t`),
    );
    const qrels = file(
      'qrels',
      lines(data.qrels, (q, d, grade) => `${q} 0 ${d} ${grade}`),
    );
    const result = await evaluateRunFile(run, qrels, ['ndcg@10', 'success@1'], { seed: 1 });
    expect(result.queries).toBe(8);
    expect(result.metrics['ndcg@10']!.value).toBeCloseTo(data.ir_measures_mean['nDCG@10'], 8);
    expect(result.metrics['success@1']!.value).toBe(0.125);
  });
});

describe('BEIR folders', () => {
  const corpus =
    '{"_id": "d1", "title": "A title", "text": "and text"}\n{"_id": 2, "title": "", "text": "alone", "metadata": {}}\n';
  const queries = '{"_id": "q1", "text": "one"}\n{"_id": "q2", "text": "not judged"}\n';
  const qrels = 'query-id\tcorpus-id\tscore\nq1\td1\t1\n';
  const expected = {
    corpus: [
      { id: 'd1', text: 'A title and text', title: 'A title' },
      { id: '2', text: 'alone' },
    ],
    queries: [{ id: 'q1', text: 'one' }],
    qrels: new Map([['q1', new Map([['d1', 1]])]]),
    dropSelf: true,
  };

  it('are read plain and gzip, with the queries that are judged', async () => {
    file('plain/corpus.jsonl', corpus);
    file('plain/queries.jsonl', queries);
    file('plain/qrels/test.tsv', qrels);
    expect(await readBeir(join(folder, 'plain'))).toEqual(expected);
    file('gz/corpus.jsonl.gz', gzipSync(corpus));
    file('gz/queries.jsonl.gz', gzipSync(queries));
    file('gz/qrels/dev.tsv.gz', gzipSync(qrels));
    expect(await readBeir(join(folder, 'gz'), 'dev')).toEqual(expected);
    await expect(readBeir(join(folder, 'gz'))).rejects.toThrow(/neither qrels\/test\.tsv nor qrels\/test\.tsv\.gz/);
  });

  it.each([
    [{ 'corpus.jsonl': 'not json' }, /corpus\.jsonl" line 1: not JSON/],
    [{ 'corpus.jsonl': '{"_id": "d1"}' }, /corpus\.jsonl" line 1: text/],
    [{ 'corpus.jsonl': `${corpus}${corpus}` }, /document "d1" twice/],
    [{ 'queries.jsonl': '{"_id": "other", "text": "x"}' }, /no query .* has judgements/],
  ])('with a defect name it: %j', async (files, message) => {
    const all = { 'corpus.jsonl': corpus, 'queries.jsonl': queries, 'qrels/test.tsv': qrels, ...files };
    for (const [name, content] of Object.entries(all)) file(name, content);
    await expect(readBeir(folder)).rejects.toMatchObject({ name: 'UserError', message });
  });
});

describe('BEIR folders that do not fit together', () => {
  const write = (corpus: string[], queries: string[], qrels: string[]): void => {
    file('corpus.jsonl', corpus.map((id) => `{"_id": ${id}, "text": "text"}\n`).join(''));
    file('queries.jsonl', queries.map((id) => `{"_id": ${id}, "text": "text"}\n`).join(''));
    file('qrels/test.tsv', qrels.map((line) => `${line}\n`).join(''));
  };

  it('are refused where nothing that is judged is there', async () => {
    write(['"d1"'], ['"q1"'], ['q1\tgone\t1']);
    await expect(readBeir(folder)).rejects.toThrow(/no judged document of qrels\/test.tsv is in/);
  });

  it('have ids of any number of digits, and none twice', async () => {
    write(['297136541426397184', '297136541426397185'], ['7'], ['7\t297136541426397185\t1']);
    const { corpus } = await readBeir(folder);
    expect(corpus.map(({ id }) => id)).toEqual(['297136541426397184', '297136541426397185']);
    write(['"d1"'], ['"q1"', '"q1"'], ['q1\td1\t1']);
    await expect(readBeir(folder)).rejects.toThrow(/query "q1" twice/);
  });
});

describe('values of queries', () => {
  it('as CSV hold a line a system and query, undefined ones empty', async () => {
    const run = new Map([['q,1', [{ id: 'd1', score: 1 }]]]);
    const qrels = new Map([
      ['q,1', new Map([['d1', 1]])],
      ['q2', new Map([['d1', 0]])],
    ]);
    const scores = new Map([['tuned', scoreQueries(run, qrels, ['mrr@10', 'ragas-recall@10'])]]);
    await writeQueryScores(join(folder, 'queries.csv'), scores, [{ id: 'q,1', text: '', topic: 'say "gr-qc"' }]);
    expect(parse(readFileSync(join(folder, 'queries.csv')), { columns: true })).toEqual([
      { system: 'tuned', query: 'q,1', topic: 'say "gr-qc"', 'mrr@10': '1', 'ragas-recall@10': '1' },
      { system: 'tuned', query: 'q2', topic: '', 'mrr@10': '0', 'ragas-recall@10': '' },
    ]);
  });
});
