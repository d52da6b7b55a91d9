/**
 * From the names in the configuration to systems, by the registry. What cannot take part is listed with the reason.
 */
import { join } from 'node:path';
import type { Matmul } from '../index/vector-index.js';
import { cachedModel } from './cached-model.js';
import type { EmbeddingModel } from './embedding-model.js';
import { embeddingSystem, systemFolderName } from './embedding-system.js';
import type { RetrievalSystem, SkippedSystem } from './retrieval-system.js';
import { isSkipped, type SystemContext } from './system-definition.js';
import { findSystemDefinition } from './system-registry.js';

export interface CreateSystemsOptions extends Omit<SystemContext, 'embedding' | 'find' | 'atClose'> {
  /** For the indexes; absent: they are built in memory. */
  runFolder?: string;
  /** Takes FAISS' place where it is absent. */
  matmul: Matmul;
}

export interface CreatedSystems {
  systems: RetrievalSystem[];
  skipped: SkippedSystem[];
  /** Frees the models that were loaded here. */
  close(): Promise<void>;
}

/** @throws UserError for a name that is no system, or a folder that is no model */
export async function createSystems({ runFolder, matmul, ...given }: CreateSystemsOptions): Promise<CreatedSystems> {
  const { config, onMessage } = given;
  const made = new Map<string, RetrievalSystem | SkippedSystem>();
  const disposals: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const dispose of disposals.splice(0)) await dispose();
  };

  const context: SystemContext = {
    ...given,
    embedding: (model: EmbeddingModel) =>
      embeddingSystem(cachedModel(model, { folder: join(config.cache, 'embeddings') }), {
        index: config.evaluation.index,
        matmul,
        ...(runFolder ? { indexFolder: join(runFolder, 'index', systemFolderName(model.name)) } : {}),
      }),
    async find(name) {
      const system = made.get(name) ?? (await findSystemDefinition(name).create(name, context));
      made.set(name, system);
      return system;
    },
    atClose: (dispose) => disposals.push(dispose),
  };

  const systems: RetrievalSystem[] = [];
  const skipped: SkippedSystem[] = [];
  try {
    for (const name of new Set(config.evaluation.systems)) {
      const system = await context.find(name);
      if (isSkipped(system)) {
        skipped.push(system);
        onMessage?.({ level: 'info', text: `${system.name} is left out: ${system.reason}` });
      } else systems.push(system);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { systems, skipped, close };
}
