/** Hub ids and model folders in the registry of systems. */

import { existsSync } from 'node:fs';
import { Interrupted } from '../../core/errors.js';
import { reportingOf } from '../../core/events.js';
import { HUB_ID } from '../../hub/hub-id.js';
import { SAMPLE_ENCODERS } from '../../hub/resolve-model.js';
import { NoOnnxError } from './onnx-model-files.js';
import type { SystemDefinition } from './system-definition.js';

export const transformersDefinition: SystemDefinition = {
  usage: 'a hub id or a folder',
  description: 'a sentence-embedding model: its ONNX file by transformers.js, else its weights by the engine here',
  matches: (name) => HUB_ID.test(name) || Object.hasOwn(SAMPLE_ENCODERS, name) || existsSync(name),
  async create(name, context) {
    const reporting = reportingOf(context);
    try {
      if (context.encoder && Object.hasOwn(SAMPLE_ENCODERS, name))
        return context.embedding(await context.encoder(name));
      // loaded only when asked for: the library takes a while
      const { transformersModel } = await import('./transformers.js');
      const model = await transformersModel(name, reporting).catch((error: unknown) => {
        if (error instanceof NoOnnxError && context.encoder) return context.encoder(name);
        throw error;
      });
      if (!('dispose' in model)) return context.embedding(model);
      context.atClose(() => model.dispose());
      return context.embedding(model);
    } catch (error) {
      // the hub may be away, or have no such model: the other systems are still worth comparing
      if (error instanceof Interrupted || existsSync(name)) throw error;
      return { name, reason: (error as Error).message };
    }
  },
};
