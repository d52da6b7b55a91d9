/**
 * From the names in the configuration to systems:
 *
 *   untuned, tuned   the encoder of this project, before and after training
 *   bm25
 *   openai           the model of the configuration; openai:MODEL for another
 *   hybrid           BM25 with the encoder under test
 *   A+B              a hybrid of any two
 *   otherwise        a hub id or a model folder, run by transformers.js
 *
 * What cannot take part is listed with the reason.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import { Interrupted, UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import type { Matmul } from '../index/vector-index.js';
import { bm25System } from './bm25.js';
import { cachedModel } from './cached-model.js';
import type { EmbeddingModel } from './embedding-model.js';
import { embeddingSystem, systemFolderName } from './embedding-system.js';
import { hybridSystem } from './hybrid.js';
import { type CostEstimate, openaiModel } from './openai.js';
import type { RetrievalSystem, SkippedSystem } from './retrieval-system.js';

export interface CreateSystemsOptions extends Reporting {
  config: Config;
  /** For the indexes; absent: they are built in memory. */
  runFolder?: string;
  /** Takes FAISS' place where it is absent. */
  matmul: Matmul;
  untuned: () => Promise<EmbeddingModel>;
  /** Null where nothing was trained. */
  tuned: (() => Promise<EmbeddingModel>) | null;
  /** Asked before more than evaluation.openaiCostLimit is spent; absent: it is refused. */
  confirmCost?: (estimate: CostEstimate) => Promise<boolean>;
}

export interface CreatedSystems {
  systems: RetrievalSystem[];
  skipped: SkippedSystem[];
  /** Frees the models that were loaded here. */
  close(): Promise<void>;
}

const HUB_ID = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;

/** @throws UserError for a name that is no system, or a folder that is no model */
export async function createSystems(options: CreateSystemsOptions): Promise<CreatedSystems> {
  const { config, runFolder, matmul, tuned, untuned, confirmCost, ...reporting } = options;
  const {
    openaiModel: openaiDefault,
    openaiDimensions,
    openaiBaseUrl,
    openaiCostLimit,
    index,
    bm25,
  } = config.evaluation;
  const made = new Map<string, RetrievalSystem | SkippedSystem>();
  const loaded: { dispose(): Promise<void> }[] = [];

  const embedding = (model: EmbeddingModel): RetrievalSystem =>
    embeddingSystem(cachedModel(model, { folder: join(config.cache, 'embeddings') }), {
      index,
      matmul,
      ...(runFolder ? { indexFolder: join(runFolder, 'index', systemFolderName(model.name)) } : {}),
    });
  const openai = (name: string): RetrievalSystem | SkippedSystem => {
    const apiKey = process.env.OPENAI_API_KEY?.trim();
    if (!apiKey) return { name, reason: 'OPENAI_API_KEY is not set' };
    const model = name.slice('openai:'.length) || openaiDefault;
    // The dimensions of the configuration belong to its model, not to others named beside it.
    const dimensions = model === openaiDefault ? openaiDimensions : null;
    const cost = { costLimit: openaiCostLimit, ...(confirmCost ? { confirmCost } : {}) };
    return embedding(openaiModel({ apiKey, model, dimensions, baseUrl: openaiBaseUrl, name, ...cost }));
  };
  const transformers = async (name: string): Promise<RetrievalSystem | SkippedSystem> => {
    try {
      // Loaded only when asked for: the library takes a while.
      const { transformersModel } = await import('./transformers.js');
      const model = await transformersModel(name, reporting);
      loaded.push(model);
      return embedding(model);
    } catch (error) {
      // The hub may be away, or have no such model: the other systems are still worth comparing.
      if (error instanceof Interrupted || existsSync(name) || !HUB_ID.test(name)) throw error;
      return { name, reason: (error as Error).message };
    }
  };
  const make = async (name: string): Promise<RetrievalSystem | SkippedSystem> => {
    if (name === 'untuned') return embedding(await untuned());
    if (name === 'tuned') return tuned ? embedding(await tuned()) : { name, reason: 'nothing was trained' };
    if (name === 'bm25') return bm25System({ k1: bm25.k1 ?? undefined, b: bm25.b ?? undefined });
    if (name === 'openai' || name.startsWith('openai:')) return openai(name);
    if (name === 'hybrid') return combine(name, 'bm25', tuned ? 'tuned' : 'untuned');
    const pair = hybridParts(name);
    return pair ? combine(name, ...pair) : transformers(name);
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
    if ('reason' in system) {
      skipped.push(system);
      reporting.onMessage?.({ level: 'info', text: `${system.name} is left out: ${system.reason}` });
    } else systems.push(system);
  }
  return {
    systems,
    skipped,
    async close() {
      for (const model of loaded) await model.dispose();
    },
  };
}

/**
 * Checks names without loading anything, so that a misspelt one ends a run before its training and not after it.
 *
 * @throws UserError for a name that is no system, no folder and no hub id
 */
export function checkSystemNames(names: readonly string[]): void {
  for (const name of names) {
    const parts = hybridParts(name);
    if (parts) checkSystemNames(parts);
    else if (!/^(untuned|tuned|bm25|openai(:.+)?|hybrid)$/.test(name) && !HUB_ID.test(name) && !existsSync(name)) {
      throw new UserError(
        `unknown system "${name}": expected untuned, tuned, bm25, openai, openai:MODEL, hybrid, A+B, a hub id or a folder`,
      );
    }
  }
}

/** The two names of "A+B"; null where the name has no plus sign, or is a folder's. */
function hybridParts(name: string): [string, string] | null {
  const plus = name.indexOf('+');
  if (plus < 1 || plus === name.length - 1 || existsSync(name)) return null;
  return [name.slice(0, plus), name.slice(plus + 1)];
}
