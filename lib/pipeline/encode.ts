/**
 * A file of texts to a file of embeddings, by the configured model alone or with what was trained on it.
 */
import type { Config } from '../config/config.js';
import { didYouMean } from '../core/did-you-mean.js';
import { UserError } from '../core/errors.js';
import type { Shard } from '../core/shard.js';
import { type EncodedFile, type EncodeTextsOptions, encodeTextFile } from '../encoder/encode-file.js';
import type { Encoder } from '../encoder/encoder.js';
import { type EncodedShard, encodeTextShard } from '../encoder/shards/encode-shard.js';
import type { SentenceConfig } from '../models/sentence/sentence-config.js';
import { type OpenEncoderOptions, openEncoder } from './open-encoder.js';
import type { StepResults } from './step-results.js';

/** Which file to encode, with which adapter, and where to. */
export interface EncodeFileOptions
  extends Omit<EncodeTextsOptions, 'tokenBudget' | 'prompt' | 'normalize' | 'lowerCase'>,
    OpenEncoderOptions {
  /**
   * Put before every text; absent: the default prompt of the model's folder, which is none as a rule, also where queries
   * were trained with one, since texts may be either.
   */
  prompt?: string;
  /** Name of a prompt of the model's folder: "query". */
  promptName?: string;
  /** Scale every embedding to length 1; absent: as the folder of the model says, and where it says nothing. */
  normalize?: boolean;
}

export function encodeFile(results: StepResults, config: Config, options: EncodeFileOptions): Promise<EncodedFile> {
  return withEncoder(results, config, options, encodeTextFile);
}

/** One shard of the same; `mergeShards` puts all of them together. */
export function encodeShard(
  results: StepResults,
  config: Config,
  { shard, ...options }: EncodeFileOptions & { shard: Shard },
): Promise<EncodedShard> {
  return withEncoder(results, config, options, (encoder, resolved) => encodeTextShard(encoder, { ...resolved, shard }));
}

async function withEncoder<T>(
  results: StepResults,
  config: Config,
  options: EncodeFileOptions,
  work: (encoder: Encoder, resolved: EncodeTextsOptions) => Promise<T>,
): Promise<T> {
  const { run, adapter, given, prompt, promptName, normalize, maxLength, ...rest } = options;
  const opened = await openEncoder(results, config, options);
  const { encoder, sentence, prompts } = opened;
  try {
    if (prompt === undefined && promptName === undefined && opened.provenance && prompts.query !== '') {
      const text = `the encoder was trained with ${JSON.stringify(prompts.query)} before every query: give it with --prompt where the texts are queries`;
      rest.onMessage?.({ level: 'info', text });
    }
    return await work(encoder, {
      ...rest,
      prompt: prompt ?? promptOf(sentence, promptName),
      normalize: normalize ?? opened.normalize,
      lowerCase: opened.lowerCase,
      maxLength: maxLength ?? opened.maxLength,
      tokenBudget: config.batches.tokenBudget,
    });
  } finally {
    await encoder.dispose();
  }
}

/** @throws UserError for a name that the folder of the model does not have */
function promptOf({ namedPrompts, defaultPrompt }: SentenceConfig, name: string | undefined): string {
  if (name === undefined) return defaultPrompt;
  const prompt = namedPrompts[name];
  if (prompt !== undefined) return prompt;
  const names = Object.keys(namedPrompts);
  throw new UserError(
    `the model has no prompt named "${name}"${didYouMean(name, names)}: expected ${names.length > 0 ? names.join(', ') : 'none, for its folder names no prompts; give the text itself (--prompt)'}`,
  );
}
