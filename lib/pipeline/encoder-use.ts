/**
 * How an encoder was used when it was trained, and has to be used after: another pooling or prompt gives other embeddings
 * from the same weights.
 */
import { z } from 'zod';
import type { Config } from '../config/config.js';
import type { SentenceConfig } from '../models/sentence/sentence-config.js';
import { limitTokens, sentenceUse } from '../models/sentence/sentence-use.js';

export const encoderUseSchema = z.object({
  /** Name of the base model, as configured. */
  model: z.string(),
  pooling: z.string(),
  attention: z.string(),
  queryPrompt: z.string(),
  documentPrompt: z.string().default(''),
  maxTitleTokens: z.number(),
  maxAbstractTokens: z.number(),
});

export type EncoderUse = z.infer<typeof encoderUseSchema>;

/** The configuration with the choices that it left to the folder of the model. */
export function withFolderChoices(config: Config, sentence: SentenceConfig): Config {
  const { pooling, prompts, maxTokens } = sentenceUse(config.encoder, sentence);
  const chosen = { pooling, queryPrompt: prompts.query, documentPrompt: prompts.document, maxTokens };
  return { ...config, encoder: { ...config.encoder, ...chosen } };
}

/** The settings, and where they leave the choice to the folder of the model, what that says. */
export function encoderUse(
  { encoder, tokens }: Pick<Config, 'encoder' | 'tokens'>,
  sentence: SentenceConfig,
): EncoderUse {
  const { model, attention } = encoder;
  const use = sentenceUse(encoder, sentence);
  return {
    model,
    pooling: use.pooling,
    attention,
    queryPrompt: use.prompts.query,
    documentPrompt: use.prompts.document,
    maxTitleTokens: limitTokens(tokens.maxTitleTokens, use),
    maxAbstractTokens: limitTokens(tokens.maxAbstractTokens, use),
  };
}
