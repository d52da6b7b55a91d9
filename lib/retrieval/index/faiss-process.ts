/**
 * FAISS in a process of its own. The addon leaks each query it is given, ends its process when an index is used
 * before training or a path cannot be written, and keeps the event loop waiting; here none of that reaches anyone.
 * Started by {@link ./faiss-candidates.ts}; ends when its parent does.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { setEfSearch, setProbes } from './faiss-format.js';
import type { FaissReply, FaissRequest } from './faiss-protocol.js';

/** The part of the addon that is used. */
interface FaissIndex {
  ntotal(): number;
  getDimension(): number;
  add(vectors: number[]): void;
  train(vectors: number[]): void;
  search(queries: number[], k: number): { labels: number[] };
  write(file: string): void;
}
interface Faiss {
  Index: {
    read(file: string): FaissIndex;
    fromFactory(dimensions: number, description: string, metric: number): FaissIndex;
  };
}

const INNER_PRODUCT = 0;
const SQUARED_L2 = 1;
const ROWS_AT_ONCE = 512;
// Below 20 queries FAISS compares one by one instead of by matrix product, which costs more than twenty at once.
const FEWEST_QUERIES = 20;

let faiss: Faiss;
let index: FaissIndex;
/** Numbers to learn from. */
let sample: number[] = [];

/** Reads the flat index of all vectors, or makes an approximate one of its vectors. */
function open(request: Extract<FaissRequest, { do: 'open' }>): void {
  const flat = faiss.Index.read(request.file);
  if (flat.ntotal() !== request.n || flat.getDimension() !== request.d) {
    throw new Error(`FAISS read ${flat.ntotal()} x ${flat.getDimension()}, expected ${request.n} x ${request.d}`);
  }
  index = flat;
}

function build(request: Extract<FaissRequest, { do: 'build' }>): void {
  const { n, d, description, trainingRows } = request;
  const made = faiss.Index.fromFactory(d, description, INNER_PRODUCT);
  const vectors = openSync(request.file, request.vectorsAt, d);
  try {
    if (trainingRows > 0) {
      // every n/trainingRows-th row: a sample of the whole corpus, the same each time
      const sample: number[] = [];
      for (let i = 0; i < trainingRows; i++) {
        for (const value of vectors.rows(Math.floor((i * n) / trainingRows), 1)) sample.push(value);
      }
      made.train(sample);
    }
    for (let row = 0; row < n; row += ROWS_AT_ONCE) {
      made.add(Array.from(vectors.rows(row, Math.min(ROWS_AT_ONCE, n - row))));
    }
  } finally {
    vectors.close();
  }
  index = made;
  if (request.efSearch || request.probes) {
    index.write(request.scratch);
    const bytes = fs.readFileSync(request.scratch);
    if (request.efSearch) setEfSearch(bytes, request.efSearch);
    if (request.probes) setProbes(bytes, request.probes);
    fs.writeFileSync(request.scratch, bytes);
    index = faiss.Index.read(request.scratch);
  }
}

function openSync(
  file: string,
  start: number,
  d: number,
): { rows(from: number, count: number): Float32Array; close(): void } {
  const descriptor = fs.openSync(file, 'r');
  return {
    rows(from, count) {
      const out = new Float32Array(count * d);
      const bytes = new Uint8Array(out.buffer);
      let done = 0;
      while (done < bytes.length) {
        const read = fs.readSync(descriptor, bytes, done, bytes.length - done, start + from * d * 4 + done);
        if (read === 0) throw new Error('the file of the vectors is too short');
        done += read;
      }
      return out;
    },
    close: () => fs.closeSync(descriptor),
  };
}

/** The steps of an index whose vectors come over the channel. */
function grow(request: Extract<FaissRequest, { do: 'create' | 'sample' | 'train' | 'add' }>): void {
  if (request.do === 'create') index = faiss.Index.fromFactory(request.d, request.description, SQUARED_L2);
  else if (request.do === 'sample') for (const value of request.vectors) sample.push(value);
  else if (request.do === 'add') index.add(Array.from(request.vectors));
  else {
    index.train(sample);
    sample = [];
  }
}

function search(queries: Float32Array, k: number, atLeast: number): Int32Array {
  const d = index.getDimension();
  const q = queries.length / d;
  const plain = Array.from(queries);
  for (let i = q; i < atLeast; i++) for (let j = 0; j < d; j++) plain.push(0);
  return Int32Array.from(index.search(plain, k).labels.slice(0, q * k));
}

function answer(request: FaissRequest): Omit<FaissReply, 'id'> {
  try {
    faiss ??= createRequire(import.meta.url)(process.env.LLM_EMBEDDING_FAISS_PACKAGE ?? 'faiss-node') as Faiss;
    if (request.do === 'open') open(request);
    else if (request.do === 'build') build(request);
    else if (request.do === 'write') index.write(request.file);
    else if (request.do === 'search')
      return { rows: search(request.queries, request.k, request.alone ? 1 : FEWEST_QUERIES) };
    else if (request.do !== 'load') grow(request);
    return {};
  } catch (error) {
    return { error: error instanceof Error ? (error.message.split('\n')[0] as string) : String(error) };
  }
}

process.on('message', (request: FaissRequest) => {
  process.send?.({ id: request.id, ...answer(request) });
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C, and SIGTERM of schedulers, go to the whole process group; the parent decides when this process ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
