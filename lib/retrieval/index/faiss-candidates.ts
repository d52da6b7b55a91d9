/**
 * Candidates by FAISS, which runs in a process of its own (see {@link ./faiss-process.ts}). Vectors go there in a file
 * in FAISS' own format, queries in batches over the channel between the processes.
 */
import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkError } from '../../core/errors.js';
import { FLAT_HEADER_BYTES, flatHeader } from './faiss-format.js';
import type { FaissQuestion, FaissReply } from './faiss-protocol.js';
import type { CandidateSource, IndexKind } from './vector-index.js';

const PROCESS_FILE = fileURLToPath(new URL('./faiss-process.js', import.meta.url));
// The addon leaks what it is asked; a new process takes over before that can be felt.
const LEAK_LIMIT_BYTES = 512 * 2 ** 20;

/** How an approximate index is made; see {@link approximateSettings}. */
export interface ApproximateSettings {
  description: string;
  trainingRows: number;
  efSearch?: number;
  probes?: number;
}

/**
 * Settings of the approximate kinds for n documents of d dimensions.
 *
 * - hnsw: 32 links a node; efSearch 128 keeps recall@10 above .99 up to some 100,000 documents
 * - ivf: 4 sqrt(n) cells, FAISS' own advice for less than a million vectors; an eighth of them is searched
 * - pq: a byte for eight dimensions, so that 896 dimensions take 112 bytes instead of 3,584
 */
export function approximateSettings(kind: IndexKind, n: number, d: number): ApproximateSettings {
  if (kind === 'hnsw') return { description: 'HNSW32,Flat', trainingRows: 0, efSearch: 128 };
  if (kind === 'ivf') {
    const cells = Math.max(1, Math.min(Math.round(4 * Math.sqrt(n)), Math.floor(n / 39)));
    const probes = Math.max(1, Math.ceil(cells / 8));
    const settings = { description: `IVF${cells},Flat`, trainingRows: Math.min(n, 128 * cells) };
    return probes > 1 ? { ...settings, probes } : settings;
  }
  let parts = Math.max(1, Math.ceil(d / 8));
  while (d % parts !== 0) parts++;
  // np: without the training of polysemous codes, which takes minutes and serves another kind of search
  return { description: `PQ${parts}x8np`, trainingRows: Math.min(n, 256 * 39) };
}

/** Candidates from a FAISS index, and the index as a file. */
export interface FaissCandidates extends CandidateSource {
  /** Writes the index in FAISS' format; the folder must exist. */
  write(file: string): Promise<void>;
}

/**
 * Builds an index in a FAISS process.
 *
 * @param vectors [n, d]
 * @throws WorkError when FAISS is absent or fails
 */
export async function buildFaiss(kind: IndexKind, vectors: Float32Array, dimensions: number): Promise<FaissCandidates> {
  const n = vectors.length / dimensions;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'llm-embedding-index-'));
  const file = path.join(folder, 'vectors.faiss');
  const server = new FaissProcess();
  try {
    // A missing addon should not cost the writing of all vectors.
    await server.ask({ do: 'load' });
    writeFlatFile(file, vectors, dimensions);
    if (kind === 'flat') {
      await server.ask({ do: 'open', file, n, d: dimensions });
    } else {
      const settings = approximateSettings(kind, n, dimensions);
      const scratch = path.join(folder, 'scratch.faiss');
      await server.ask({ do: 'build', file, vectorsAt: FLAT_HEADER_BYTES, n, d: dimensions, scratch, ...settings });
    }
    return candidates(server, n, dimensions);
  } catch (error) {
    server.end();
    throw error;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens an index file that {@link FaissCandidates.write} has written. */
export async function openFaiss(file: string, n: number, dimensions: number): Promise<FaissCandidates> {
  const server = new FaissProcess();
  try {
    await server.ask({ do: 'open', file, n, d: dimensions });
    return candidates(server, n, dimensions);
  } catch (error) {
    server.end();
    throw error;
  }
}

/** Writes vectors [n, d] as a flat index, which FAISS in any language reads. */
export function writeFlatFile(file: string, vectors: Float32Array, dimensions: number): void {
  const descriptor = fs.openSync(file, 'w');
  try {
    writeAll(descriptor, flatHeader(vectors.length / dimensions, dimensions));
    writeAll(descriptor, Buffer.from(vectors.buffer, vectors.byteOffset, vectors.byteLength));
  } finally {
    fs.closeSync(descriptor);
  }
}

function writeAll(descriptor: number, bytes: Buffer): void {
  for (let done = 0; done < bytes.length; )
    done += fs.writeSync(descriptor, bytes, done, Math.min(2 ** 28, bytes.length - done));
}

function candidates(first: FaissProcess, n: number, dimensions: number): FaissCandidates {
  let server = first;
  let leaked = 0;
  async function write(file: string): Promise<void> {
    // The addon ends its process on a path that cannot be written: find out here, where it is an error like others.
    fs.closeSync(fs.openSync(file, 'w'));
    await server.ask({ do: 'write', file });
  }
  return {
    write,
    async propose(queries, k): Promise<Int32Array> {
      const reply = await server.ask({ do: 'search', queries: queries.slice(), k });
      leaked += queries.byteLength;
      if (leaked > LEAK_LIMIT_BYTES) {
        server = await renew(write, server, n, dimensions);
        leaked = 0;
      }
      if (!reply.rows) throw new WorkError('FAISS gave no result: please report this');
      return reply.rows;
    },
    async close() {
      server.end();
    },
  };
}

/** A new process with the same index. */
async function renew(
  write: (file: string) => Promise<void>,
  old: FaissProcess,
  n: number,
  d: number,
): Promise<FaissProcess> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'llm-embedding-index-'));
  const next = new FaissProcess();
  try {
    const file = path.join(folder, 'index.faiss');
    await write(file);
    await next.ask({ do: 'open', file, n, d });
    old.end();
    return next;
  } catch (error) {
    next.end();
    throw error;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** One child process and the questions that wait for its answers. */
export class FaissProcess {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<
    number,
    { resolve: (reply: FaissReply) => void; reject: (error: Error) => void }
  >();
  private nextId = 0;
  private ended: string | null = null;

  constructor() {
    this.child = fork(PROCESS_FILE, {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // idle OpenMP threads would otherwise spin, at the cost of everything else on a busy machine
      env: { OMP_WAIT_POLICY: 'passive', ...process.env },
    });
    this.child.on('message', (reply: FaissReply) => {
      const asked = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      this.rest();
      if (reply.error) asked?.reject(new WorkError(`FAISS: ${reply.error}`));
      else asked?.resolve(reply);
    });
    this.child.on('error', (error) => this.fail(error.message));
    this.child.on('exit', (code, signal) => this.fail(signal ? `ended by ${signal}` : `ended with code ${code}`));
    this.rest();
  }

  ask(question: FaissQuestion): Promise<FaissReply> {
    if (this.ended) return Promise.reject(new WorkError(`FAISS is no longer running (${this.ended})`));
    const id = this.nextId++;
    // Only an open question keeps the parent alive.
    this.child.ref();
    this.child.channel?.ref();
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.child.send({ id, ...question });
    });
  }

  end(): void {
    this.ended ??= 'closed';
    if (this.child.connected) this.child.disconnect();
    // one that is busy would hear of it only when it is done
    this.child.kill('SIGKILL');
  }

  private rest(): void {
    if (this.waiting.size > 0) return;
    this.child.unref();
    this.child.channel?.unref();
  }

  private fail(reason: string): void {
    this.ended ??= reason;
    for (const { reject } of this.waiting.values()) reject(new WorkError(`FAISS ${reason}`));
    this.waiting.clear();
  }
}
