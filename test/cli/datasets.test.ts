/** Step 1 as a user meets it: fetching from a server on loopback, cross-lists in the batches, and a corpus of one's own. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Config, FIELDS } from '../../lib/config/config.js';
import { fetchArxiv } from '../../lib/datasets/arxiv/fetch.js';
import { type ArxivServer, startArxiv } from '../datasets/helpers/arxiv-server.js';
import { makePapers } from '../datasets/helpers/corpus.js';
import {
  complaint,
  filesIn,
  jsonOf,
  llmEmbedding,
  llmEmbeddingProcess,
  workFolder,
  writeSnapshot,
  writeTinyModel,
} from './command-line.js';

const cwd = workFolder();
const papers = makePapers(40, ['gr-qc', 'hep-th']);
let server: ArxivServer;

beforeAll(async () => {
  server = await startArxiv(papers);
  await writeTinyModel(join(cwd, 'model'));
});
afterAll(() => server.close());
beforeEach(() => {
  server.faultOf = () => null;
  server.requests.length = 0;
});

describe('fetch', () => {
  const fetchFrom = (...args: string[]): ReturnType<typeof llmEmbedding> =>
    llmEmbedding(['fetch', '--base-url', server.baseUrl, '--categories', 'gr-qc,hep-th', ...args], { cwd });

  it('writes a snapshot, says what it left out, and asks for nothing the second time', async () => {
    const first = await fetchFrom('--out', 'papers.jsonl');
    expect(first.code).toBe(0);
    const repeated = papers.filter((paper) => paper.categories.length === 2).length;
    expect(first.stdout).toBe(
      `40 papers in papers.jsonl\n  ${repeated} met again (cross-lists, page borders) and written once\n  2 requests\n`,
    );
    expect(first.stderr).toMatch(/✓ fetching gr-qc: \d+ papers/);
    expect(readFileSync(join(cwd, 'papers.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(40);
    const second = await fetchFrom('--out', 'again.jsonl', '--json');
    expect(jsonOf(second)).toMatchObject({ papers: 40, requests: 0 });
    expect(readFileSync(join(cwd, 'again.jsonl'))).toEqual(readFileSync(join(cwd, 'papers.jsonl')));
  });

  it('tells why it waits, and keeps what it has when it is interrupted', async () => {
    server.faultOf = (index) => (index === 0 ? null : '429 with Retry-After');
    const args = ['fetch', '--base-url', server.baseUrl, '--categories', 'hep-th,gr-qc', '--out', 'stopped.jsonl'];
    const outcome = await llmEmbeddingProcess(args, {
      cwd,
      started: (child) => {
        child.stderr?.on('data', (text: string) => {
          if (text.includes('next attempt')) child.kill('SIGINT');
        });
      },
    });
    expect(outcome.code).toBe(130);
    expect(outcome.stderr).toMatch(/^arXiv: HTTP 429; next attempt in 1[78] s$/m);
    expect(complaint(outcome)).toContain('the pages fetched so far are kept and the same command continues from there');
    expect(filesIn(cwd)).not.toContain('stopped.jsonl');
    server.faultOf = () => null;
    expect(jsonOf(await llmEmbedding([...args, '--json'], { cwd }))).toMatchObject({ papers: 40, requests: 1 });
  });

  it('says in one line what is wrong', async () => {
    writeFileSync(join(cwd, 'file'), '');
    const blocked = await fetchFrom('--out', 'file/papers.jsonl');
    expect([blocked.code, complaint(blocked)]).toEqual([2, expect.stringContaining('a part of the path is a file')]);
    const misspelt = await fetchFrom('--categories', 'gr qc');
    expect([misspelt.code, complaint(misspelt)]).toEqual([2, expect.stringContaining('"gr qc" is no arXiv category')]);
    expect(server.requests).toHaveLength(0);
  });
});

it('no batch holds a paper of another topic that is cross-listed to the main one', async () => {
  const made = new Map(writeSnapshot(join(cwd, 'snapshot.jsonl'), 144).map((paper) => [paper.id, paper]));
  const isCrossList = (id: string): boolean => {
    const categories = made.get(id)?.categories ?? [];
    return categories[0] !== 'gr-qc' && categories.includes('gr-qc');
  };
  expect([...made.keys()].some(isCrossList)).toBe(true);
  const settings = ['--set', 'datasets.minAbstractWords=10', '--set', 'batches.pairs=8'];
  const { batchPapers } = jsonOf<{ batchPapers: string[][] }>(
    await llmEmbedding(['batches', '--data', 'snapshot.jsonl', '--model', 'model', '--json', ...settings], { cwd }),
  );
  expect(batchPapers.flat().length).toBeGreaterThan(50);
  expect(batchPapers.flat().filter(isCrossList)).toEqual([]);
});

describe("all six steps on a corpus of one's own", () => {
  const rows = makePapers(120, ['Geology', 'Biology']).map(({ title, abstract, categories }, index) => ({
    key: `row ${index}`,
    headline: `${title}, a "study"`,
    body: `${abstract}\nIt goes on.`,
    field: categories[0] as string,
  }));
  const quote = (value: string): string => `"${value.replaceAll('"', '""')}"`;
  const csv = ['key,headline,body,field', ...rows.map((row) => Object.values(row).map(quote).join(','))].join('\n');
  const settings = [
    'datasets.columns.id=key',
    'datasets.columns.title=headline',
    'datasets.columns.text=body',
    'datasets.columns.topic=field',
    'datasets.categories={"main":["Geology"],"hard":["Biology"]}',
  ];

  it.each([
    ['CSV', 'own.csv', csv, settings],
    ['JSON lines', 'own.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'), settings],
    [
      'BEIR',
      'beir/corpus.jsonl',
      rows.map(({ key, headline, body }) => JSON.stringify({ _id: key, title: headline, text: body })).join('\n'),
      [],
    ],
  ])('%s', async (_, name, content, own) => {
    const folder = workFolder();
    mkdirSync(join(folder, 'beir'));
    writeFileSync(join(folder, name), content);
    const data = name.startsWith('beir') ? 'beir' : name;
    const all = [
      ...own,
      'batches.pairs=8',
      'training.maxSteps=2',
      'tokens.maxAbstractTokens=128',
      'evaluation.systems=["untuned","tuned","bm25"]',
    ];
    const args = ['run', '--data', data, '--model', join(cwd, 'model'), '--out', 'out', '--json'];
    const report = jsonOf<{ corpus: { documents: number; queries: number }; systems: { name: string }[] }>(
      await llmEmbedding([...args, ...all.flatMap((setting) => ['--set', setting])], { cwd: folder }),
    );
    expect(report.systems.map(({ name: system }) => system)).toEqual(['untuned', 'tuned', 'bm25']);
    const split = readFileSync(join(folder, 'out/papers.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; split: string });
    expect(split.map(({ id }) => id).sort()).toEqual(rows.map(({ key }) => key).sort());
    expect(report.corpus.documents).toBe(split.filter((paper) => paper.split === 'test').length);
  });
});

describe('a new field from nothing', () => {
  const settings = [
    'datasets.minAbstractWords=10',
    'batches.pairs=8',
    'training.maxSteps=2',
    'tokens.maxAbstractTokens=128',
    'evaluation.systems=untuned,tuned,bm25',
  ].flatMap((setting) => ['--set', setting]);
  const pageOf = (folder: string): string => readFileSync(join(folder, 'report.html'), 'utf8');

  it('fetched from arXiv with --field', async () => {
    const folder = workFolder();
    const { categories } = FIELDS['astro-ph'];
    const primaries = Object.values(categories).flat();
    const arxiv = await startArxiv(makePapers(120, ['astro-ph.GA', 'astro-ph.HE', ...primaries, 'cs.DL', 'q-bio.NC']));
    try {
      // the pages that "run" then finds: fetched as it would, without the three seconds between requests
      let now = Date.now();
      const sleep = async (milliseconds: number): Promise<void> => {
        now += milliseconds;
      };
      const kept = join(folder, 'data/cache/arxiv');
      await fetchArxiv({
        categories: primaries,
        baseUrl: arxiv.baseUrl,
        maxPerCategory: 80,
        out: join(kept, 'before.jsonl'),
        cacheFolder: join(kept, 'pages'),
        lockFile: join(folder, 'pace.json'),
        clock: { now: () => now, sleep },
      });
      expect(arxiv.requests.length).toBe(primaries.length);
      const model = join(cwd, 'model');
      const args = ['run', '--data', 'arxiv', '--field', 'astro-ph', '--model', model, '--out', 'astro', ...settings];
      const outcome = await llmEmbedding([...args, '--set', 'datasets.maxPerCategory=40'], {
        cwd: folder,
        env: { ARXIV_ENDPOINT: arxiv.baseUrl },
      });
      expect([outcome.code, outcome.stderr]).toEqual([0, expect.stringContaining('✓')]);
      expect(arxiv.requests.length).toBe(primaries.length);
      expect(outcome.stdout).toContain('Field: astro-ph, astrophysics.');
      expect(pageOf(join(folder, 'astro'))).toContain('Field: astro-ph, astrophysics.');
      const config = JSON.parse(readFileSync(join(folder, 'astro/config.json'), 'utf8')) as Config;
      expect(config.datasets.categories).toEqual(categories);
    } finally {
      await arxiv.close();
    }
  });

  it("rows of one's own with topics of their own", async () => {
    const folder = workFolder();
    const rows = makePapers(90, ['Geology', 'Botany', 'cs.LG']).map(({ title, abstract, categories }) =>
      [title, abstract, categories[0]].map((text) => `"${text}"`).join(','),
    );
    writeFileSync(join(folder, 'mine.csv'), ['title,abstract,topic', ...rows].join('\n'));
    const args = ['run', '--data', 'mine.csv', '--model', join(cwd, 'model'), '--out', 'mine', ...settings];
    const { code, stdout, stderr } = await llmEmbedding(args, { cwd: folder });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('main, as the configuration has no other role for them: Botany, Geology');
    expect(stdout).toContain('Field: Botany, Geology.');
    expect(pageOf(join(folder, 'mine'))).toContain('Field: Botany, Geology.');
  });

  it('a word that is no field is refused before anything is read', async () => {
    const outcome = await llmEmbedding(['run', '--data', 'arxiv', '--field', 'astroph', '--out', 'never'], { cwd });
    expect([outcome.code, complaint(outcome)]).toEqual([2, expect.stringContaining('did you mean "astro-ph"')]);
  });
});
