/**
 * Step 4: the engine, with the base model on it.
 */
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import type { Reporting } from '../../core/events.js';
import { loadInt8Model } from '../../encoder/int8/int8-model.js';
import { startEngine } from '../../engine/start-engine.js';
import type { Engine } from '../../engine/types.js';
import { resolveModelFolder } from '../../hub/resolve-model.js';
import { type BaseModel, loadBaseModel } from '../../models/base-model.js';
import { tokenizeTexts } from '../../tokens/tokenize.js';
import type { Step } from '../step.js';

/** Texts of the run, on which a model in 8 bits is compared with float32; asked for where there is one. */
export type CalibrationTextsOf = () => Promise<string[]>;

/** Close the engine to free both. */
export interface LoadedModel {
  engine: Engine;
  base: BaseModel;
}

export const modelStep: Step<[Reporting?, CalibrationTextsOf?], LoadedModel> = {
  name: 'model',
  reads: ['encoder.model', 'encoder.revision', 'engine', 'precision', 'provider'],
  ignores: ['threads', 'cache'],
  async run(config, reporting = {}, calibrationTexts) {
    const folder = await modelFolder(config, reporting);
    const engine = await startEngine(config, reporting);
    try {
      if (!engine.uploadQuantized) {
        return { engine, base: await loadBaseModel(folder, engine, reporting) };
      }
      if (!calibrationTexts) throw new Error('a model in 8 bits is tried on texts of the run, and there are none');
      const texts = await tokenizeTexts(folder, await calibrationTexts(), CALIBRATION_TOKENS, reporting);
      const calibration = { texts, threads: config.threads, cache: join(config.cache, 'int8') };
      return { engine, base: await loadInt8Model(folder, engine, calibration, reporting) };
    } catch (error) {
      await engine.close();
      throw error;
    }
  },
};

/** Tokens of a calibration text at most. */
const CALIBRATION_TOKENS = 256;

/** The folder of the configured base model, downloaded where it is from the hub. */
export function modelFolder(config: Config, reporting: Reporting = {}): Promise<string> {
  return resolveModelFolder(config.encoder.model, { revision: config.encoder.revision, ...reporting });
}
