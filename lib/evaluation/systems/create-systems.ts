/**
 * From the names in the configuration to systems: "untuned", "tuned", "bm25", "openai", "hybrid" (BM25 with the encoder
 * under test), "A+B" (a hybrid of any two), a hub id or a model folder. What cannot take part is listed with the reason.
 */
import { join } from 'node:path';
import type { Config } from '../../config.js';
import { UserError } from '../../errors.js';
import type { Matmul } from '../index/vector-index.js';
import type { SkippedSystem } from '../report.js';
import { bm25System } from './bm25.js';
import { cachedModel } from './cached-model.js';
import type { EmbeddingModel } from './embedding-model.js';
import { embeddingSystem, systemFolderName } from './embedding-system.js';
import { hybridSystem } from './hybrid.js';
import type { RetrievalSystem } from './retrieval-system.js';

export interface CreateSystemsOptions {
  config: Config;
  /** For the indexes; absent: they are built in memory. */
  runFolder?: string;
  /** Takes FAISS' place where it is absent. */
  matmul: Matmul;
  untuned: () => Promise<EmbeddingModel>;
  /** Null where nothing was trained. */
  tuned: (() => Promise<EmbeddingModel>) | null;
}

export interface CreatedSystems {
  systems: RetrievalSystem[];
  skipped: SkippedSystem[];
}

/** @throws UserError for a name that is no system */
export async function createSystems(options: CreateSystemsOptions): Promise<CreatedSystems> {
  const { config, runFolder, matmul, tuned, untuned } = options;
  const made = new Map<string, RetrievalSystem | SkippedSystem>();

  const embedding = (model: EmbeddingModel): RetrievalSystem =>
    embeddingSystem(cachedModel(model, { folder: join(config.cache, 'embeddings') }), {
      index: config.evaluation.index,
      matmul,
      ...(runFolder ? { indexFolder: join(runFolder, 'index', systemFolderName(model.name)) } : {}),
    });
  const make = async (name: string): Promise<RetrievalSystem | SkippedSystem> => {
    if (name === 'untuned') return embedding(await untuned());
    if (name === 'tuned') return tuned ? embedding(await tuned()) : { name, reason: 'nothing was trained' };
    if (name === 'bm25') return bm25System();
    if (name === 'hybrid') return combine(name, 'bm25', tuned ? 'tuned' : 'untuned');
    const [a, b, ...more] = name.split('+');
    if (a && b && more.length === 0) return combine(name, a, b);
    throw new UserError(`unknown system "${name}": expected untuned, tuned, bm25, hybrid or A+B`);
  };
  const find = async (name: string): Promise<RetrievalSystem | SkippedSystem> => {
    const system = made.get(name) ?? (await make(name));
    made.set(name, system);
    return system;
  };
  const combine = async (name: string, a: string, b: string): Promise<RetrievalSystem | SkippedSystem> => {
    const first = await find(a);
    const second = await find(b);
    if ('reason' in first) return { name, reason: first.reason };
    if ('reason' in second) return { name, reason: second.reason };
    return hybridSystem(first, second, name);
  };

  const systems: RetrievalSystem[] = [];
  const skipped: SkippedSystem[] = [];
  for (const name of new Set(config.evaluation.systems)) {
    const system = await find(name);
    if ('reason' in system) skipped.push(system);
    else systems.push(system);
  }
  return { systems, skipped };
}
