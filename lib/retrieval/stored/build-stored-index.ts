/**
 * An index over a file of embeddings, built in passes of bounded memory, and tuned on a sample to a wanted recall.
 */
import { createHash } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../../core/errors.js';
import { type Reporting, reportingOf } from '../../core/events.js';
import { quantity } from '../../core/quantity.js';
import { Random } from '../../core/random.js';
import { normalizeRowsInPlace } from '../../core/rows.js';
import { type EmbeddingRows, openEmbeddingRows } from '../../files/embedding-rows.js';
import { isThere } from '../../files/is-there.js';
import { prepareFolder } from '../../files/writing.js';
import { FEWEST_FOR_APPROXIMATE } from '../index/build-index.js';
import type { Matmul } from '../index/vector-index.js';
import {
  CODES_FILE,
  FAISS_FILE,
  IDS_FILE,
  type StoredIndexDescription,
  type StoredIndexKind,
  writeDescription,
} from './description.js';
import { exactNeighbours } from './exact-neighbours.js';
import { writeIds } from './id-file.js';
import { type IvfPqShape, ivfPqShape, openIvfPq, setProbesOf, writeIvfPq } from './ivf-pq.js';
import { nearestSigns, readSignCodes, writeSignCodes } from './sign-codes.js';
import { chooseEffort, type MeasuredEffort, type Propose, type TuningSample } from './tuning.js';

/** What is indexed, how, and how well it has to find. */
export interface BuildStoredIndexOptions extends Reporting {
  /** A file of embeddings, of any precision. */
  embeddings: string;
  /** The folder of the index, which must not exist. */
  to: string;
  /** ivf-pq needs FAISS and 256 vectors, and is the default where there are as many; binary compares the signs of all vectors. */
  kind?: StoredIndexKind;
  /** Share of the exact ten nearest that is to be found; .95 unless told otherwise. */
  recall?: number;
  /** Embeddings of queries to measure with; absent: rows of the index, which do not find themselves. */
  queries?: string;
  /** How many of them; 200 unless told otherwise. */
  sample?: number;
  seed?: number;
}

const DEPTH = 10;
const CANDIDATES = [50, 100, 200, 400, 800];
const SAMPLED_ROWS = 64;

/** @throws UserError for embeddings that cannot be indexed, or a folder that exists */
export async function buildStoredIndex(
  { embeddings: path, to, kind: asked, recall = 0.95, ...options }: BuildStoredIndexOptions,
  matmul: Matmul,
): Promise<StoredIndexDescription> {
  const folder = resolve(to);
  if (await isThere(folder)) throw new UserError(`${to} exists already: remove it, or name another folder (--to)`);
  if (!(recall > 0 && recall <= 1)) throw new UserError(`recall ${recall}: expected a share above 0 and at most 1`);
  const start = performance.now();
  const embeddings = await openEmbeddingRows(path);
  const partial = join(dirname(folder), `.${basename(folder)}.${process.pid}.partial`);
  try {
    if (embeddings.rows < 2)
      throw new UserError(`${path} has ${quantity(embeddings.rows, 'embeddings')}: expected two or more`);
    const kind = kindFor(embeddings, asked);
    await embeddings.verify();
    await prepareFolder(partial);
    const sample = await tuningSample(embeddings, options, matmul);
    const reporting = reportingOf(options);
    const shape = kind === 'ivf-pq' ? ivfPqShape(embeddings.rows, embeddings.dimensions) : null;
    if (shape) await writeIvfPq(join(partial, FAISS_FILE), embeddings, shape, reporting);
    else await writeSignCodes(join(partial, CODES_FILE), embeddings, reporting);
    const chosen = shape
      ? await tuneIvfPq(partial, embeddings, sample, shape, recall)
      : await tuneSigns(partial, embeddings, sample, recall);
    const idBytes = embeddings.ids ? await writeIds(join(partial, IDS_FILE), embeddings.ids) : null;
    const description: StoredIndexDescription = {
      schemaVersion: 1,
      kind,
      embeddings: { ...(await factsOf(embeddings)), path: resolve(path) },
      maker: embeddings.maker,
      idBytes,
      faiss: shape && { description: shape.description, cells: shape.cells, trainingRows: shape.trainingRows },
      search: { probes: chosen.probes, candidates: chosen.candidates },
      recall: {
        value: chosen.recall,
        at: Math.min(DEPTH, embeddings.rows - 1),
        queries: sample.neighbours.length,
        wanted: recall,
        from: sample.own ? 'rows' : 'queries',
      },
      bytes: (await stat(join(partial, shape ? FAISS_FILE : CODES_FILE))).size,
      seconds: (performance.now() - start) / 1000,
    };
    await writeDescription(partial, description);
    await rename(partial, folder);
    return description;
  } finally {
    await rm(partial, { recursive: true, force: true });
    await embeddings.close();
  }
}

/** Cells are tried by doubling, from 4 to a quarter of all. */
async function tuneIvfPq(
  folder: string,
  embeddings: EmbeddingRows,
  sample: TuningSample,
  { cells }: IvfPqShape,
  recall: number,
): Promise<MeasuredEffort> {
  const file = join(folder, FAISS_FILE);
  const { rows, dimensions } = embeddings;
  const most = Math.max(1, Math.ceil(cells / 4));
  const probes = [4, 8, 16, 32, 64, 128, 256, 512, 1024].filter((count) => count < most).concat(most);
  let open: { probes: number; index: Awaited<ReturnType<typeof openIvfPq>> } | null = null;
  const propose: Propose = async (query, effort) => {
    if (open?.probes !== effort.probes) {
      await open?.index.close();
      await setProbesOf(file, cells, effort.probes);
      open = { probes: effort.probes, index: await openIvfPq(file, rows, dimensions) };
    }
    return open.index.propose(query, effort.candidates);
  };
  try {
    const chosen = await chooseEffort(embeddings, sample, propose, { probes, candidates: CANDIDATES, recall });
    await setProbesOf(file, cells, chosen.probes);
    return chosen;
  } finally {
    await (open as { index: Awaited<ReturnType<typeof openIvfPq>> } | null)?.index.close();
  }
}

async function tuneSigns(
  folder: string,
  embeddings: EmbeddingRows,
  sample: TuningSample,
  recall: number,
): Promise<MeasuredEffort> {
  const codes = await readSignCodes(join(folder, CODES_FILE), embeddings.rows, embeddings.dimensions);
  const propose: Propose = async (query, { candidates }) => nearestSigns(codes, query, candidates);
  return chooseEffort(embeddings, sample, propose, { probes: [0], candidates: [...CANDIDATES, 1600, 3200], recall });
}

async function tuningSample(
  embeddings: EmbeddingRows,
  {
    queries: path,
    sample: wanted = 200,
    seed = 42,
    ...rest
  }: Omit<BuildStoredIndexOptions, 'embeddings' | 'to' | 'kind'>,
  matmul: Matmul,
): Promise<TuningSample> {
  const from = path === undefined ? embeddings : await openEmbeddingRows(path);
  try {
    if (from.dimensions !== embeddings.dimensions) {
      throw new UserError(
        `${path} has ${quantity(from.dimensions, 'dimensions')}: expected ${embeddings.dimensions}, as the embeddings have`,
      );
    }
    const random = new Random(seed, 'index sample');
    const places = new Set<number>();
    while (places.size < Math.min(wanted, from.rows)) places.add(random.integer(from.rows));
    const own = [...places].sort((a, b) => a - b);
    const queries = normalizeRowsInPlace(await from.pick(own), from.dimensions);
    const isOwn = path === undefined;
    const depth = Math.min(embeddings.rows, DEPTH + (isOwn ? 1 : 0));
    const neighbours = await exactNeighbours(embeddings, queries, depth, matmul, reportingOf(rest));
    return { queries, neighbours, own: isOwn ? own : null };
  } finally {
    if (from !== embeddings) await from.close();
  }
}

/** What tells a file of embeddings from another of the same shape. */
export async function factsOf(embeddings: EmbeddingRows): Promise<Omit<StoredIndexDescription['embeddings'], 'path'>> {
  const { rows, dimensions, precision, bytes } = embeddings;
  const places = Array.from({ length: Math.min(SAMPLED_ROWS, rows) }, (_, i) => Math.floor((i * rows) / SAMPLED_ROWS));
  const picked = await embeddings.pick(rows < SAMPLED_ROWS ? [...Array(rows).keys()] : places);
  const sample = createHash('sha256').update(new Uint8Array(picked.buffer)).digest('hex');
  return { rows, dimensions, precision, bytes, sample };
}

/** @throws UserError for a product quantization of too few vectors */
function kindFor({ rows }: EmbeddingRows, asked: StoredIndexKind | undefined): StoredIndexKind {
  if (rows >= FEWEST_FOR_APPROXIMATE) return asked ?? 'ivf-pq';
  if (asked !== 'ivf-pq') return 'binary';
  throw new UserError(
    `ivf-pq learns its codes from ${FEWEST_FOR_APPROXIMATE} embeddings or more, and there are ${rows}: use binary, which compares them all`,
  );
}
