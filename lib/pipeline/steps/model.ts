/**
 * Step 4: the engine, with the base model on it.
 */
import type { Config } from '../../config/config.js';
import type { Reporting } from '../../core/events.js';
import { startEngine } from '../../engine/start-engine.js';
import type { Engine } from '../../engine/types.js';
import { resolveModelFolder } from '../../hub/resolve-model.js';
import { type BaseModel, loadBaseModel } from '../../models/base-model.js';
import type { Step } from '../step.js';

/** Close the engine to free both. */
export interface LoadedModel {
  engine: Engine;
  base: BaseModel;
}

export const modelStep: Step<[Reporting?], LoadedModel> = {
  name: 'model',
  reads: ['encoder.model', 'encoder.revision', 'engine', 'precision', 'provider'],
  ignores: ['threads'],
  async run(config, reporting = {}) {
    const folder = await modelFolder(config, reporting);
    const engine = await startEngine(config, reporting);
    try {
      return { engine, base: await loadBaseModel(folder, engine, reporting) };
    } catch (error) {
      await engine.close();
      throw error;
    }
  },
};

/** The folder of the configured base model, downloaded where it is from the hub. */
export function modelFolder(config: Config, reporting: Reporting = {}): Promise<string> {
  return resolveModelFolder(config.encoder.model, { revision: config.encoder.revision, ...reporting });
}
