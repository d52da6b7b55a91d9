/**
 * Builds, saves and loads vector indexes. A saved index is a folder:
 *
 *   index.json     kind, dimensions, ids and the content hash of what it was built from
 *   vectors.faiss  the vectors as a flat FAISS index (exact search with FAISS in any language)
 *   index.faiss    the approximate index, where there is one
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { agreeing, quantity } from '../../core/quantity.js';
import { writeFileAtomic } from '../../files/atomic-file.js';
import { parseJson } from '../../files/json.js';
import { buildFaiss, type FaissCandidates, openFaiss, writeFlatFile } from './faiss-candidates.js';
import { FLAT_HEADER_BYTES, readFlatHeader } from './faiss-format.js';
import { matmulCandidates, referenceMatmul } from './matmul-candidates.js';
import { rankedIndex } from './ranked-index.js';
import {
  type CandidateSource,
  checkVectors,
  INDEX_KINDS,
  type IndexKind,
  type Matmul,
  type VectorIndex,
} from './vector-index.js';

// Fewer vectors than the 256 centroids of a byte train nothing, and are searched exactly in no time.
export const FEWEST_FOR_APPROXIMATE = 256;

export interface BuildIndexOptions extends Reporting {
  /** Document ids, unique, [n]. */
  ids: readonly string[];
  /** [n, d]; unit vectors make the scores cosines. */
  vectors: Float32Array;
  dimensions: number;
  /** "flat" unless told otherwise. */
  kind?: IndexKind;
  /** The product that takes FAISS' place where it is absent; plain loops unless told otherwise. */
  matmul?: Matmul;
  /** "engine" leaves FAISS aside. */
  backend?: 'auto' | 'engine';
}

let absenceTold = false;

/**
 * Builds an index with FAISS, or where FAISS is absent an exact one on the given matrix product; that is said once.
 *
 * @throws UserError for an empty corpus, duplicate ids, a wrong dimension, NaN or infinite values
 */
export async function buildIndex(options: BuildIndexOptions): Promise<VectorIndex> {
  const { ids, vectors, dimensions, onMessage } = options;
  checkVectors(ids, vectors, dimensions);
  let kind = options.kind ?? 'flat';
  if (kind !== 'flat' && ids.length < FEWEST_FOR_APPROXIMATE) {
    const text = `${quantity(ids.length, 'documents')} ${agreeing(ids.length, 'is', 'are')} too few for an index of kind "${kind}": searching them exactly`;
    onMessage?.({ level: 'info', text });
    kind = 'flat';
  }
  let faiss: FaissCandidates | null = null;
  if (options.backend !== 'engine') {
    try {
      faiss = await buildFaiss(kind, vectors, dimensions);
    } catch (error) {
      if (!absenceTold) {
        const instead = kind === 'flat' ? 'with the same results' : `exactly instead of by "${kind}"`;
        const text = `FAISS cannot be used (${(error as Error).message}); the engine searches ${instead}; \`npm run setup\` can install FAISS`;
        onMessage?.({ level: 'warning', text });
      }
      absenceTold = true;
    }
  }
  return assemble(faiss ? kind : 'flat', faiss, options);
}

/** Options of {@link loadIndex}. */
export interface LoadIndexOptions extends Reporting {
  /** Content hash that the index must have been built from, as {@link vectorsFingerprint} gives it. */
  fingerprint?: string;
  matmul?: Matmul;
}

const savedSchema = z.object({
  formatVersion: z.literal(1),
  kind: z.enum(INDEX_KINDS),
  dimensions: z.number().int().min(1),
  fingerprint: z.string(),
  ids: z.array(z.string()),
});

/**
 * Loads what {@link VectorIndex.save} has written.
 *
 * @throws UserError if there is none, if it is damaged, or if it was built from other embeddings than expected
 */
export async function loadIndex(folder: string, options: LoadIndexOptions = {}): Promise<VectorIndex> {
  const file = path.join(folder, 'index.json');
  let saved: z.infer<typeof savedSchema>;
  try {
    saved = savedSchema.parse(parseJson(fs.readFileSync(file, 'utf8')));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new UserError(
      `${file} ${missing ? 'does not exist' : 'is damaged'}: evaluate the run again to build its index`,
    );
  }
  if (options.fingerprint !== undefined && options.fingerprint !== saved.fingerprint) {
    throw new UserError(`the index in ${folder} was built from other embeddings: evaluate the run again to rebuild it`);
  }
  const { ids, kind, dimensions, fingerprint } = saved;
  const vectors = readVectors(path.join(folder, 'vectors.faiss'), ids.length, dimensions);
  if (vectorsFingerprint(ids, vectors, dimensions) !== fingerprint) {
    throw new UserError(`the vectors in ${folder} are damaged: evaluate the run again to rebuild the index`);
  }
  const build = { ...options, ids, vectors, dimensions, kind };
  if (kind === 'flat') return buildIndex(build);
  try {
    const faiss = await openFaiss(path.join(folder, 'index.faiss'), ids.length, dimensions);
    return assemble(kind, faiss, build);
  } catch {
    // absent or damaged: it can be made again from the vectors
    return buildIndex(build);
  }
}

/** Content hash of ids and vectors: an index and what it was built from share it. */
export function vectorsFingerprint(ids: readonly string[], vectors: Float32Array, dimensions: number): string {
  const hash = createHash('sha256').update(JSON.stringify([dimensions, ids]));
  return hash.update(new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength)).digest('hex');
}

function assemble(kind: IndexKind, faiss: FaissCandidates | null, options: BuildIndexOptions): VectorIndex {
  const { ids, vectors, dimensions, matmul = referenceMatmul } = options;
  const fingerprint = vectorsFingerprint(ids, vectors, dimensions);
  const onEngine = (): CandidateSource => matmulCandidates(vectors, dimensions, matmul);
  return rankedIndex({
    kind,
    backend: faiss ? 'faiss' : 'engine',
    ids,
    vectors,
    dimensions,
    fingerprint,
    source: faiss ?? onEngine(),
    ...(faiss && kind === 'flat' ? { replacement: onEngine } : {}),
    async save(folder) {
      // index.json is written last: a folder with it is complete.
      fs.mkdirSync(folder, { recursive: true });
      fs.rmSync(path.join(folder, 'index.json'), { force: true });
      writeFlatFile(path.join(folder, 'vectors.faiss'), vectors, dimensions);
      if (kind !== 'flat') await faiss?.write(path.join(folder, 'index.faiss'));
      const description = { formatVersion: 1, kind, dimensions, fingerprint, ids };
      await writeFileAtomic(path.join(folder, 'index.json'), JSON.stringify(description));
    },
  });
}

function readVectors(file: string, n: number, d: number): Float32Array {
  const bytes = fs.existsSync(file) ? fs.readFileSync(file) : Buffer.alloc(0);
  const shape = readFlatHeader(bytes);
  if (!shape || shape.n !== n || shape.d !== d || bytes.length !== FLAT_HEADER_BYTES + n * d * 4) {
    throw new UserError(`${file} is missing or damaged: evaluate the run again to rebuild the index`);
  }
  // The floats start at an odd byte: copying them aligns them.
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset + FLAT_HEADER_BYTES, bytes.byteOffset + bytes.length));
}
