/**
 * Indexes over a file of embeddings, and FAISS in Python beside them: time to build, memory, recall and time of a query.
 *
 *     node dist/bench/vector-index.js [--rows 1000000] [--dimensions 384] [--clusters 5000] [--kinds ivf-pq,binary]
 *                                     [--queries 100] [--recall .95] [--folder DIR] [--python PATH]
 *
 * One thread each. Vectors are synthetic (clustered-vectors.ts); queries are rows, which do not find themselves. Python builds
 * the index of the kind ivf-pq with the same factory string from the same sample, and scores candidates again with the vectors
 * of the file, mapped into memory, as `index build` does.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openEmbeddingRows } from '../lib/files/embedding-rows.js';
import { buildStoredIndex } from '../lib/pipeline/stored-index.js';
import type { StoredIndexKind } from '../lib/retrieval/stored/description.js';
import { ivfPqShape } from '../lib/retrieval/stored/ivf-pq.js';
import { openStoredIndex } from '../lib/retrieval/stored/open-stored-index.js';
import { clusteredVectors } from './clustered-vectors.js';
import { median } from './measure.js';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    dimensions: { type: 'string', default: '384' },
    clusters: { type: 'string', default: '5000' },
    kinds: { type: 'string', default: 'ivf-pq,binary' },
    queries: { type: 'string', default: '100' },
    recall: { type: 'string', default: '.95' },
    folder: { type: 'string', default: join(tmpdir(), 'llm-embedding-bench-vectors') },
    python: { type: 'string' },
  },
});
const [rows, dimensions, clusters] = [Number(values.rows), Number(values.dimensions), Number(values.clusters)];
const DEPTH = 10;

/** What is known of an index. Milliseconds of a query: the median. */
interface Measured {
  name: string;
  buildSeconds: number;
  megabytes: number;
  /** Of the largest of the processes that built it. */
  peakMegabytes: number;
  recall: number;
  /** How far a search looked. */
  effort: string;
  queryMilliseconds: number;
}

async function own(path: string, kind: StoredIndexKind): Promise<Measured> {
  const to = join(values.folder, `index-${kind}`);
  rmSync(to, { recursive: true, force: true });
  const children = watchChildren();
  const start = performance.now();
  const built = await buildStoredIndex(
    { engine: 'onnx', threads: 1 },
    {
      embeddings: path,
      to,
      kind,
      sample: Number(values.queries),
      recall: Number(values.recall),
      onProgress: ({ task, done, total }) => process.stderr.write(`\r\u001b[K${kind}: ${task}, ${done} of ${total}`),
    },
  );
  const buildSeconds = (performance.now() - start) / 1000;
  process.stderr.write('\r\u001b[K');
  const peak = Math.max(children.stop(), process.resourceUsage().maxRSS / 1000);
  const queryMilliseconds = await timeQueries(path, to);
  rmSync(to, { recursive: true, force: true });
  const { probes, candidates } = built.search;
  return {
    name: `${built.faiss?.description ?? kind}, here`,
    buildSeconds,
    megabytes: built.bytes / 1e6,
    peakMegabytes: peak,
    recall: built.recall.value,
    effort: `${probes > 0 ? `${probes} cells, ` : ''}${candidates} candidates`,
    queryMilliseconds,
  };
}

async function timeQueries(path: string, folder: string): Promise<number> {
  const embeddings = await openEmbeddingRows(path);
  const index = await openStoredIndex(folder);
  const count = 2 * Number(values.queries);
  const places = Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count) + 1);
  const queries = await embeddings.pick(places);
  const milliseconds: number[] = [];
  for (let i = 0; i < count; i++) {
    const start = performance.now();
    await index.search(queries.subarray(i * dimensions, (i + 1) * dimensions), DEPTH);
    milliseconds.push(performance.now() - start);
  }
  await index.close();
  await embeddings.close();
  return median(milliseconds);
}

/** The highest resident memory of child processes, where /proc tells it; in MB. */
function watchChildren(): { stop(): number } {
  let peak = 0;
  const look = (): void => {
    try {
      const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ').filter(Boolean);
      for (const child of children) {
        const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.trim()}/status`, 'utf8')) ?? [];
        peak = Math.max(peak, Number(kilobytes ?? 0) / 1000);
      }
    } catch {
      // a child that has just ended, or no /proc
    }
  };
  const timer = setInterval(look, 200);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

function inPython(path: string, python: string): Measured {
  const script = fileURLToPath(new URL('../../bench/contenders/faiss_index.py', import.meta.url));
  const { description, trainingRows } = ivfPqShape(rows, dimensions);
  const [queries, recall] = [Number(values.queries), Number(values.recall)];
  const options = { path, description, trainingRows, queries, recall, depth: DEPTH };
  const env = { ...process.env, OMP_NUM_THREADS: '1' };
  const said = execFileSync(python, [script, JSON.stringify(options)], { env, encoding: 'utf8' });
  return JSON.parse(said.trim().split('\n').at(-1) as string) as Measured;
}

mkdirSync(values.folder, { recursive: true });
const path = await clusteredVectors(values.folder, { rows, dimensions, clusters });
console.log(
  `${rows} vectors of ${dimensions} dimensions in ${clusters} clusters, ${values.queries} queries, one thread`,
);
const measured: Measured[] = [];
for (const kind of values.kinds.split(',')) measured.push(await own(path, kind as StoredIndexKind));
if (values.python) measured.push(inPython(path, values.python));
console.log(`${''.padEnd(26)} build s  index MB  peak MB  recall@${DEPTH}  ms a query`);
for (const one of measured) {
  const cells = [
    one.buildSeconds.toFixed(0).padStart(7),
    one.megabytes.toFixed(0).padStart(9),
    one.peakMegabytes.toFixed(0).padStart(8),
    one.recall.toFixed(3).padStart(10),
    one.queryMilliseconds.toFixed(1).padStart(11),
  ];
  console.log(`${one.name.padEnd(26)} ${cells.join(' ')}  ${one.effort}`);
}
