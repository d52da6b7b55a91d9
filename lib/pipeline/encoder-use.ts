/**
 * How an encoder was used when it was trained, and has to be used after: another pooling or prompt gives other embeddings
 * from the same weights.
 */
import { z } from 'zod';
import type { Config } from '../config/config.js';

export const encoderUseSchema = z.object({
  /** Name of the base model, as configured. */
  model: z.string(),
  pooling: z.string(),
  attention: z.string(),
  queryPrompt: z.string(),
  maxTitleTokens: z.number(),
  maxAbstractTokens: z.number(),
});

export type EncoderUse = z.infer<typeof encoderUseSchema>;

export function encoderUse({ encoder, tokens }: Pick<Config, 'encoder' | 'tokens'>): EncoderUse {
  const { model, pooling, attention, queryPrompt } = encoder;
  const { maxTitleTokens, maxAbstractTokens } = tokens;
  return { model, pooling, attention, queryPrompt, maxTitleTokens, maxAbstractTokens };
}
