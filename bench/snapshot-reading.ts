/**
 * Reading a metadata snapshot: MB/s of uncompressed text and peak memory beyond the papers kept, at rising lengths.
 * The lines are generated in the shape of arXiv's snapshot: its fields, lengths, and share of the nine topics (a fifth).
 *
 *     node dist/bench/snapshot-reading.js [--lines 100000,1000000,3000000] [--gzip] [--cap 2000] [--folder DIR]
 *
 * Each length is read in a process of its own, so that one's memory is not another's. "read" streams the records and
 * keeps none; "load" is the whole of step 1 with a cap, so that what is kept does not grow.
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { resolveConfig } from '../lib/config/config.js';
import { Random } from '../lib/core/random.js';
import { loadDataset } from '../lib/datasets/dataset.js';
import { readSnapshot } from '../lib/datasets/snapshot/read.js';
import { configuredTopics, topicLookup } from '../lib/datasets/topics.js';

interface Measurement {
  records: number;
  seconds: number;
  /** Seconds of processor time, of all threads; tells on a machine that has other work to do. */
  processor: number;
  /** Bytes of resident memory at its highest, and before the reading began. */
  peak: number;
  before: number;
}

/** Primary categories with their share of arXiv in thousandths, the nine topics first. */
const CATEGORIES: [name: string, share: number][] = [
  ['cs.LG', 70],
  ['hep-th', 35],
  ['gr-qc', 22],
  ['astro-ph.CO', 20],
  ['cs.AI', 15],
  ['stat.ML', 10],
  ['cond-mat.stat-mech', 8],
  ['math-ph', 8],
  ['q-bio.NC', 12],
  ['hep-ph', 60],
  ['cs.CV', 90],
  ['quant-ph', 60],
  ['cond-mat.mtrl-sci', 60],
  ['math.AP', 60],
  ['astro-ph', 90],
  ['math.CO', 90],
  ['cs.CL', 90],
  ['physics.optics', 200],
];

/** Function words make a third of a text, the other words are as unequally frequent as in any. */
const FUNCTION_WORDS = 'the of and in to we a for with is that this on by as are'.split(' ');
const VOCABULARY = 20_000;

/** Lines of about 1.6 kB, as the snapshot has them. */
function* lines(count: number): Generator<string> {
  const random = new Random(1, 'snapshot lines');
  const word = (): string =>
    random.uniform() < 1 / 3 ? random.pick(FUNCTION_WORDS) : `w${Math.floor(VOCABULARY ** random.uniform())}`;
  const sentence = (words: number): string => Array.from({ length: words }, word).join(' ');
  // Abstracts are drawn from a pool: making three million word by word would take longer than reading them.
  const abstracts = Array.from({ length: 1009 }, () => sentence(100 + random.integer(120)));
  const draws = CATEGORIES.flatMap(([name, share]) => Array.from({ length: share }, () => name));
  for (let index = 0; index < count; index++) {
    const month = `${String(8 + (Math.floor(index / 12) % 18)).padStart(2, '0')}${String((index % 12) + 1).padStart(2, '0')}`;
    const primary = random.pick(draws);
    yield `${JSON.stringify({
      id: `${month}.${String(index % 100_000).padStart(5, '0')}`,
      submitter: 'Some Body',
      authors: 'Some Body, Any One, Some One Else',
      title: sentence(6 + random.integer(8)),
      comments: '12 pages, 3 figures',
      'journal-ref': null,
      doi: '10.1000/182',
      'report-no': null,
      categories: `${primary} ${random.pick(draws)}`,
      license: 'http://creativecommons.org/licenses/by/4.0/',
      abstract: `  ${random.pick(abstracts)} ${index}\n`,
      versions: [{ version: 'v1', created: 'Mon, 2 Apr 2007 19:18:42 GMT' }],
      update_date: '2008-11-26',
      authors_parsed: [
        ['Body', 'Some', ''],
        ['One', 'Any', ''],
        ['Else', 'Some One', ''],
      ],
    })}\n`;
  }
}

async function measure(kind: string, path: string, cap: number): Promise<Measurement> {
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 20);
  const start = performance.now();
  const cpu = process.cpuUsage();
  let records = 0;
  if (kind === 'read') {
    const config = resolveConfig();
    const lookup = topicLookup(configuredTopics(config.datasets.categories));
    const isWanted = (category: string): boolean => lookup(category) !== null;
    for await (const record of readSnapshot(path, { isWanted, strict: true })) if (record.id !== '') records++;
  } else {
    const input = { datasets: { source: path, maxPerCategory: cap } };
    records = (await loadDataset(resolveConfig({ input }))).papers.length;
  }
  const seconds = (performance.now() - start) / 1000;
  clearInterval(watch);
  // The kernel's own figure sees peaks between two looks.
  peak = Math.max(peak, process.resourceUsage().maxRSS * 1024);
  const { user, system } = process.cpuUsage(cpu);
  return { records, seconds, processor: (user + system) / 1e6, peak, before };
}

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '100000,1000000,3000000' },
    gzip: { type: 'boolean', default: false },
    cap: { type: 'string', default: '2000' },
    folder: { type: 'string' },
    measure: { type: 'string' },
    file: { type: 'string', default: '' },
  },
});

if (values.measure) {
  console.log(JSON.stringify(await measure(values.measure, values.file, Number(values.cap))));
} else {
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'llm-embedding-bench-'));
  console.log('  lines      MB  what   records   MB/s  MB/processor s  peak MB beyond the start');
  for (const count of values.lines.split(',').map(Number)) {
    const path = join(folder, `${count}.jsonl${values.gzip ? '.gz' : ''}`);
    const plainBytes = { value: 0 };
    const counted = function* (): Generator<string> {
      for (const line of lines(count)) {
        plainBytes.value += line.length;
        yield line;
      }
    };
    if (existsSync(path) && !values.gzip) plainBytes.value = statSync(path).size;
    else {
      const source = Readable.from(counted());
      if (values.gzip) await pipeline(source, createGzip({ level: 6 }), createWriteStream(path));
      else await pipeline(source, createWriteStream(path));
    }
    for (const kind of ['read', 'load']) {
      const args = [fileURLToPath(import.meta.url), '--measure', kind, '--file', path, '--cap', values.cap];
      const run = spawnSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
      const { records, seconds, processor, peak, before } = JSON.parse(run.stdout) as Measurement;
      const megabytes = plainBytes.value / 1e6;
      console.log(
        [
          String(count).padStart(7),
          megabytes.toFixed(0).padStart(7),
          kind.padStart(5),
          String(records).padStart(9),
          (megabytes / seconds).toFixed(0).padStart(6),
          (megabytes / processor).toFixed(0).padStart(15),
          ((peak - before) / 1e6).toFixed(0).padStart(8),
        ].join(' '),
      );
    }
    if (values.folder === undefined) rmSync(path);
  }
  if (values.folder === undefined) rmSync(folder, { recursive: true });
}
