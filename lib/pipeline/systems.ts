/**
 * The systems of a configuration with the project's own encoders among them, for as long as some work takes.
 */
import { type Config, resolveConfig } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import type { Encoder } from '../encoder/encoder.js';
import { matmulTransposed, type RowProducts } from '../engine/matmul.js';
import type { Engine } from '../engine/types.js';
import { resolveModelFolder } from '../hub/resolve-model.js';
import { loadBaseModel } from '../models/base-model.js';
import { type CreatedSystems, type CreateSystemsOptions, createSystems } from '../retrieval/systems/create-systems.js';
import type { EmbeddingModel } from '../retrieval/systems/embedding-model.js';
import { encoderModel } from '../retrieval/systems/encoder-model.js';
import { adaptedEncoder, encoderBeforeTraining, untunedEncoder } from './steps/encoder.js';
import type { LoadedModel } from './steps/model.js';

/** Says whether an estimated cost may be spent. */
export type ConfirmCost = NonNullable<CreateSystemsOptions['confirmCost']>;

/** What the systems are made of. */
export interface SystemSources {
  /** Loads the base model; asked for only where a system needs it. */
  model(): Promise<LoadedModel>;
  /** Folder of the trained adapter, or of the model where all weights were trained; null where nothing was. */
  trained: string | null;
  /** For the indexes; absent: they are built in memory. */
  folder?: string;
  /** Services take part without their key, as far as the cache goes. */
  fromCache?: boolean;
  /** Asked before more than evaluation.openaiCostLimit is spent; absent: it is refused. */
  confirmCost?: ConfirmCost;
}

/** @param work gets the systems, the description of the engine as soon as one runs, and the project's own encoders */
export async function withSystems<T>(
  config: Config,
  { model, trained, folder, fromCache, confirmCost }: SystemSources,
  reporting: Reporting,
  work: (created: CreatedSystems, engine: () => string | undefined, own: readonly EmbeddingModel[]) => Promise<T>,
): Promise<T> {
  const encoders: Encoder[] = [];
  const models: EmbeddingModel[] = [];
  let description: string | undefined;
  const load = async (): Promise<LoadedModel> => {
    const loaded = await model();
    description = loaded.engine.description;
    return loaded;
  };
  const own = (name: 'tuned' | 'untuned', open: (loaded: LoadedModel) => Promise<Encoder>) => {
    return async (): Promise<EmbeddingModel> => {
      const encoder = await open(await load());
      encoders.push(encoder);
      const embeddings = encoderModel(name, encoder, config);
      models.push(embeddings);
      return embeddings;
    };
  };
  let products: RowProducts | undefined;
  let created: CreatedSystems | undefined;
  try {
    created = await createSystems({
      ...reporting,
      config,
      ...(confirmCost ? { confirmCost } : {}),
      ...(folder === undefined ? {} : { runFolder: folder }),
      ...(fromCache ? { fromCache } : {}),
      matmul: async (a, b, width) => {
        products ??= matmulTransposed((await load()).engine);
        return products(a, b, width);
      },
      untuned: own('untuned', (loaded) => encoderBeforeTraining(config, loaded, trained)),
      encoder: async (name) => {
        const { engine } = await load();
        const { encoder, settings } = await otherEncoder(config, name, engine, reporting);
        encoders.push(encoder);
        return encoderModel(name, encoder, settings, 'transformers');
      },
      tuned: trained === null ? null : own('tuned', (loaded) => adaptedEncoder(config, loaded, trained)),
    });
    return await work(created, () => description, models);
  } finally {
    await created?.close();
    for (const encoder of encoders) await encoder.dispose();
  }
}

/** A model beside the one of the experiment, as its own folder says, at its own length. */
async function otherEncoder(
  config: Config,
  model: string,
  engine: Engine,
  reporting: Reporting,
): Promise<{ encoder: Encoder; settings: Config }> {
  const base = await loadBaseModel(
    await resolveModelFolder(model, { revision: 'main', ...reporting }),
    engine,
    reporting,
  );
  const { encoder: plain } = resolveConfig({ input: { encoder: { model } } });
  const longest = base.config.maxPositions;
  const tokens = { ...config.tokens, maxTitleTokens: longest, maxAbstractTokens: longest };
  const settings = { ...config, encoder: plain, tokens };
  const encoder = await untunedEncoder(settings, { base });
  const dispose = encoder.dispose;
  encoder.dispose = async () => {
    await dispose();
    base.dispose();
  };
  return { encoder, settings };
}
