/** The Pooling step of sentence-transformers: `pooling_mode`, or one flag a kind in files of before version 6. */
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../core/errors.js';
import type { PoolingName } from '../pooling.js';
import { readOptional, refuse } from './folder-file.js';

const schema = z.looseObject({
  pooling_mode: z.union([z.string(), z.array(z.string())]).nullish(),
  include_prompt: z.boolean().default(true),
});

/** Both generations of names: `cls` and the flag `pooling_mode_cls_token`. */
const NAMES: Readonly<Record<string, PoolingName>> = {
  mean: 'mean',
  mean_tokens: 'mean',
  cls: 'cls',
  cls_token: 'cls',
  lasttoken: 'last',
  max: 'max',
  max_tokens: 'max',
  weightedmean: 'weighted_mean',
  weightedmean_tokens: 'weighted_mean',
  mean_sqrt_len_tokens: 'mean_sqrt_len',
};

const FLAG = 'pooling_mode_';

/** @param path folder of the step inside the model's */
export async function readPoolingStep(
  folder: string,
  path: string,
): Promise<{ pooling: PoolingName; includePrompt: boolean }> {
  const name = join(path, 'config.json');
  const config = await readOptional(folder, name, schema);
  if (!config) throw new UserError(`${join(folder, name)} is missing: copy or download the model again`);
  const flags = Object.keys(config).filter((key) => key.startsWith(FLAG));
  const odd = flags.find((key) => typeof config[key] !== 'boolean');
  if (odd) refuse(join(folder, name), `${odd} = ${JSON.stringify(config[odd])}`, 'true or false');
  const raised = flags.filter((key) => config[key] === true).map((key) => key.slice(FLAG.length));
  // as sentence-transformers reads it: all flags down is the mean
  const modes = config.pooling_mode == null ? (raised.length === 0 ? ['mean'] : raised) : [config.pooling_mode].flat();
  const pooling = modes.length === 1 ? NAMES[modes[0] as string] : undefined;
  if (!pooling) {
    refuse(join(folder, name), `pooling ${modes.join(' + ')}`, `one of ${Object.keys(NAMES).join(', ')}`);
  }
  return { pooling, includePrompt: config.include_prompt };
}
