/**
 * The folder of an index over a file of embeddings:
 *
 *   index.json      what it is made of, how much a search looks at, and the recall that was measured
 *   index.faiss     of the kind ivf-pq          codes.bin   of the kind binary
 *   ids.bin         where the embeddings have ids
 *
 * The embeddings stay where they are: what the index proposes is scored again with them.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../core/errors.js';
import { writeFileAtomic } from '../../files/atomic-file.js';
import { isThere } from '../../files/is-there.js';
import { readJsonFile } from '../../files/json-file.js';

/** How an index over a file of embeddings may find candidates. */
export const STORED_INDEX_KINDS = ['ivf-pq', 'binary'] as const;
/** How an index over a file of embeddings finds candidates. */
export type StoredIndexKind = (typeof STORED_INDEX_KINDS)[number];

export const FAISS_FILE = 'index.faiss';
export const CODES_FILE = 'codes.bin';
export const IDS_FILE = 'ids.bin';
const DESCRIPTION_FILE = 'index.json';

const schema = z.object({
  schemaVersion: z.literal(1),
  kind: z.enum(STORED_INDEX_KINDS),
  embeddings: z.object({
    /** Absolute. */
    path: z.string().min(1),
    rows: z.number().int().min(1),
    dimensions: z.number().int().min(1),
    precision: z.string(),
    /** Of the file. */
    bytes: z.number().int().min(1),
    /** SHA-256 of some of its rows, spread over all. */
    sample: z.string(),
  }),
  /** Who made the embeddings: the folder of the model, and the SHA-256 of its weights; null where their file does not say. */
  maker: z.object({ model: z.string(), weights: z.string() }).nullable().default(null),
  /** Bytes of an id in ids.bin; null: rows are called by their numbers. */
  idBytes: z.number().int().min(1).nullable(),
  /** Of the kind ivf-pq, as FAISS writes it: IVF4000,PQ48. */
  faiss: z
    .object({ description: z.string(), cells: z.number().int().min(1), trainingRows: z.number().int() })
    .nullable(),
  search: z.object({
    /** Cells that a search looks into; 0 without cells. */
    probes: z.number().int().min(0),
    /** Rows that are scored again. */
    candidates: z.number().int().min(1),
  }),
  recall: z.object({
    /** Share of the exact nearest rows that were found. */
    value: z.number(),
    /** How many nearest. */
    at: z.number().int(),
    /** Queries that were tried. */
    queries: z.number().int(),
    /** What was asked for. */
    wanted: z.number(),
    /** The rows of the index themselves, or a file of queries. */
    from: z.enum(['rows', 'queries']),
  }),
  /** Bytes of the index, without the embeddings. */
  bytes: z.number().int(),
  seconds: z.number(),
});

/** What an index over a file of embeddings is made of, and what was measured of it. */
export type StoredIndexDescription = z.infer<typeof schema>;

export async function writeDescription(folder: string, description: StoredIndexDescription): Promise<void> {
  await writeFileAtomic(join(folder, DESCRIPTION_FILE), `${JSON.stringify(description, null, 2)}\n`);
}

/** @throws UserError where the folder is no such index */
export async function readDescription(folder: string): Promise<StoredIndexDescription> {
  const path = join(folder, DESCRIPTION_FILE);
  if (!(await isThere(path))) {
    throw new UserError(
      `${folder} is no index: expected ${path}; make one with "llm-embedding index build EMBEDDINGS --to ${folder}"`,
    );
  }
  return readJsonFile(path, schema, 'build the index again');
}
