/** What is put before a text: the prompt of its data set, or that of the encoder. */
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import { promptOfSet } from '../datasets/pairs/sets.js';
import type { SentenceConfig } from '../models/sentence/sentence-config.js';
import type { SentenceUse } from '../models/sentence/sentence-use.js';

/** @throws UserError where a data set has a prompt and the model leaves prompts out of its pooling */
export function checkSetPrompts(
  { datasets }: Pick<Config, 'datasets'>,
  { includePrompt }: Pick<SentenceConfig, 'includePrompt'>,
): void {
  if (includePrompt || !datasets.sets.some((set) => set.queryPrompt || set.documentPrompt)) return;
  throw new UserError(
    'the model leaves prompts out of its pooling (include_prompt = false), which is not supported: leave queryPrompt and documentPrompt out of datasets.sets',
  );
}

/** @throws UserError as {@link checkSetPrompts} */
export function promptsOfSets(
  config: Pick<Config, 'datasets'>,
  { prompts }: Pick<SentenceUse, 'prompts'>,
  sentence: Pick<SentenceConfig, 'includePrompt'>,
): (kind: 'query' | 'document', topic: string) => string {
  checkSetPrompts(config, sentence);
  const { datasets } = config;
  const own = { query: promptOfSet(datasets, 'query'), document: promptOfSet(datasets, 'document') };
  return (kind, topic) => own[kind](topic) ?? prompts[kind];
}
