/**
 * Step 6 on embeddings that are at hand: time of index, search and metrics, exact and approximate, beside FAISS in Python.
 *
 *     node dist/bench/evaluation.js [--documents 50000] [--queries 2000] [--dimensions 384,896] [--kinds flat,hnsw]
 *                                   [--python PATH] [--no-python]
 *
 * The vectors are random with a structure of clusters, as embeddings have; each query lies near its own document. Python
 * (any interpreter with faiss-cpu and numpy) builds and searches the same vectors with the same settings in the same run,
 * so that the ratio of the times means something. "search" finds 100 documents a query, "metrics" is all of the
 * default metrics with 95 % intervals.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resolveConfig } from '../lib/config/config.js';
import { Random } from '../lib/core/random.js';
import { evaluateRun } from '../lib/evaluation/evaluate-run.js';
import { buildIndex } from '../lib/retrieval/index/build-index.js';
import { approximateSettings } from '../lib/retrieval/index/faiss-candidates.js';
import { INDEX_KINDS, type IndexKind } from '../lib/retrieval/index/vector-index.js';
import type { Run } from '../lib/retrieval/ranking.js';

const DEPTH = 100;

interface Times {
  index: number;
  search: number;
  /** Rows found, [q * DEPTH]. */
  rows: number[];
}

/** Builds and searches with Python's FAISS; the vectors come from files of raw floats. */
const PYTHON = `
import json, sys, time
import numpy, faiss
documents, queries, n, q, d, depth, description, ef, probes, training = sys.argv[1:11]
n, q, d, depth, ef, probes, training = map(int, (n, q, d, depth, ef, probes, training))
documents = numpy.fromfile(documents, dtype='float32').reshape(n, d)
queries = numpy.fromfile(queries, dtype='float32').reshape(q, d)
start = time.time()
index = faiss.index_factory(d, description, faiss.METRIC_INNER_PRODUCT)
if training: index.train(documents[(numpy.arange(training) * n) // training])
index.add(documents)
built = time.time()
if ef: index.hnsw.efSearch = ef
if probes: index.nprobe = probes
rows = index.search(queries, depth)[1]
print(json.dumps({'index': built - start, 'search': time.time() - built, 'rows': rows.flatten().tolist(), 'version': faiss.__version__}))
`;

import { normalizedRows } from '../lib/core/rows.js';

/** Unit rows around some hundred centres. */
function clusteredRows(n: number, d: number, random: Random): Float32Array {
  const centres = Array.from({ length: 200 }, () => Float32Array.from({ length: d }, () => random.normal()));
  const out = new Float32Array(n * d);
  for (let row = 0; row < n; row++) {
    const centre = random.pick(centres);
    // a sum of uniform numbers is normal enough here, and quicker
    for (let i = 0; i < d; i++) {
      out[row * d + i] = (centre[i] as number) + 1.5 * (random.uniform() + random.uniform() - 1) * 2.45;
    }
  }
  return normalizedRows(out, d);
}

function near(rows: Float32Array, chosen: number[], d: number, random: Random): Float32Array {
  const size = 1.2 / Math.sqrt(d);
  const out = Float32Array.from({ length: chosen.length * d }, (_, at) => {
    const row = chosen[Math.floor(at / d)] as number;
    return (rows[row * d + (at % d)] as number) + size * (random.uniform() + random.uniform() - 1) * 2.45;
  });
  return normalizedRows(out, d);
}

function writeFloats(file: string, values: Float32Array): void {
  const descriptor = openSync(file, 'w');
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
  closeSync(descriptor);
}

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '50000' },
    queries: { type: 'string', default: '2000' },
    dimensions: { type: 'string', default: '384,896' },
    kinds: { type: 'string', default: 'flat,hnsw' },
    python: { type: 'string', default: 'python3' },
    'no-python': { type: 'boolean', default: false },
  },
});
const n = Number(values.documents);
const q = Number(values.queries);
const kinds = values.kinds.split(',').map((kind): IndexKind => {
  const known = INDEX_KINDS.find((one) => one === kind);
  if (!known) throw new Error(`--kinds ${kind}: expected some of ${INDEX_KINDS.join(', ')}`);
  return known;
});
const hasPython = !values['no-python'] && spawnSync(values.python, ['-c', 'import faiss, numpy']).status === 0;
if (!hasPython) console.log(`no FAISS in Python (${values.python}): its columns stay empty`);
const folder = mkdtempSync(join(tmpdir(), 'llm-embedding-bench-'));
const config = resolveConfig();
console.log(`${q} queries on ${n} documents; seconds; ratio: ours / Python's of index and search together`);
console.log('   d  kind  index  search  metrics  recall | python: index  search  recall | ratio  same rows');
try {
  for (const d of values.dimensions.split(',').map(Number)) {
    const random = new Random(1, 'evaluation bench', d);
    const documents = clusteredRows(n, d, random);
    const own = Array.from({ length: q }, (_, i) => (i * 7919) % n);
    const queries = near(documents, own, d, random);
    const files = [join(folder, 'documents'), join(folder, 'queries')] as const;
    writeFloats(files[0], documents);
    writeFloats(files[1], queries);
    const ids = Array.from({ length: n }, (_, i) => `d${i}`);
    const qrels = new Map(own.map((row, i) => [`q${i}`, new Map([[`d${row}`, 1]])]));
    let exact: Set<number>[] | null = null;

    for (const kind of kinds) {
      const start = performance.now();
      const index = await buildIndex({ ids, vectors: documents, dimensions: d, kind });
      const indexed = performance.now();
      const found = await index.search(queries, DEPTH);
      const searched = performance.now();
      const run: Run = new Map(found.map((list, i) => [`q${i}`, list]));
      const { metrics } = evaluateRun(run, qrels, config.evaluation.metrics, { seed: 1 });
      const scored = performance.now();
      await index.close();
      const rows = found.map((list) => list.map(({ id }) => Number(id.slice(1))));
      const theirs = hasPython ? python(kind, files, d) : null;
      const theirRows = theirs && Array.from({ length: q }, (_, i) => theirs.rows.slice(i * DEPTH, (i + 1) * DEPTH));
      if (kind === 'flat') exact = rows.map((list) => new Set(list));
      const recall = (lists: number[][] | null): string => {
        if (!exact || !lists) return '–';
        const hits = lists.flatMap((list, i) => list.filter((row) => exact?.[i]?.has(row)));
        return (hits.length / (q * DEPTH)).toFixed(4);
      };
      const shared =
        theirRows && rows.flatMap((list, i) => list.filter((row) => new Set(theirRows[i]).has(row))).length;
      const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(2);
      const ratio = theirs && (searched - start) / 1000 / (theirs.index + theirs.search);
      console.log(
        [
          String(d).padStart(4),
          kind.padStart(5),
          seconds(start, indexed).padStart(6),
          seconds(indexed, searched).padStart(7),
          seconds(searched, scored).padStart(8),
          recall(rows).padStart(7),
          '|',
          (theirs?.index.toFixed(2) ?? '–').padStart(13),
          (theirs?.search.toFixed(2) ?? '–').padStart(7),
          recall(theirRows).padStart(7),
          '|',
          (ratio?.toFixed(2) ?? '–').padStart(5),
          (shared === null ? '–' : (shared / (q * DEPTH)).toFixed(5)).padStart(10),
          ` success@1 ${metrics['success@1']?.value.toFixed(3)}`,
        ].join(' '),
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function python(kind: IndexKind, [documents, queries]: readonly [string, string], d: number): Times {
  const settings = kind === 'flat' ? { description: 'Flat', trainingRows: 0 } : approximateSettings(kind, n, d);
  const { description, trainingRows, efSearch = 0, probes = 0 } = settings as ReturnType<typeof approximateSettings>;
  const numbers = [n, q, d, DEPTH].map(String);
  const args = [documents, queries, ...numbers, description, ...[efSearch, probes, trainingRows].map(String)];
  const { stdout, stderr, status } = spawnSync(values.python, ['-c', PYTHON, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`Python's FAISS failed: ${stderr}`);
  return JSON.parse(stdout) as Times;
}
