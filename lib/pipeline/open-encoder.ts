/**
 * An encoder with how it is used: by the configured model alone, or with what was trained on it. What was trained says how
 * it is used; a setting given by hand wins, and is said.
 */

import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { remedies } from '../core/remedies.js';
import type { Encoder } from '../encoder/encoder.js';
import { isThere } from '../files/is-there.js';
import type { SentenceConfig, TextKind } from '../models/sentence/sentence-config.js';
import { sentenceUse } from '../models/sentence/sentence-use.js';
import type { EncoderUse } from './encoder-use.js';
import { type Provenance, readProvenance } from './provenance.js';
import type { StepResults } from './step-results.js';
import { adaptedEncoder, untunedEncoder } from './steps/encoder.js';
import { findTrainedRun } from './trained-run.js';

/** What is trained on the configured model, and by whose word it is used. */
export interface OpenEncoderOptions extends Reporting {
  /** A run folder, whose encoder is used as it was trained; `config` is that of the run. */
  run?: string;
  /** Folder of a LoRA adapter or of a trained model. */
  adapter?: string;
  /** Settings of `encoder` that the caller named, and that win over those of the training. */
  given?: readonly (keyof EncoderUse)[];
}

/** An encoder, and what its folder and its training say about texts and vectors. Dispose of the encoder. */
export interface OpenedEncoder {
  encoder: Encoder;
  sentence: SentenceConfig;
  /** Put before queries and before documents, as in the training; may be empty. */
  prompts: Readonly<Record<TextKind, string>>;
  /** Whether texts are put into lower case first. */
  lowerCase: boolean;
  /** Tokens of the longest text; longer ones are truncated. */
  maxLength: number;
  /** Whether vectors are scaled to length 1. */
  normalize: boolean;
  /** Whether it was trained here or elsewhere, beyond the configured model. */
  isTuned: boolean;
  /** What made it; null for the configured model alone, and for what was made elsewhere. */
  provenance: Provenance | null;
}

/** @throws UserError where there is no such encoder, or it was made with other settings than `config` has */
export async function openEncoder(
  results: StepResults,
  config: Config,
  options: OpenEncoderOptions = {},
): Promise<OpenedEncoder> {
  const { run, adapter: named, given = [], ...reporting } = options;
  const { adapter, provenance } =
    run === undefined ? await namedAdapter(named) : await trainedIn(results, run, config, options);
  const used = adapter && provenance ? asTrained(config, adapter, provenance, given, reporting) : config;
  const model = await results.model(used, reporting);
  const encoder = adapter ? await adaptedEncoder(used, model, adapter, reporting) : await untunedEncoder(used, model);
  const { sentence, config: architecture } = encoder.base;
  const { maxTokens, lowerCase, prompts } = sentenceUse({ ...used.encoder, similarity: 'cosine' }, sentence);
  const trained = provenance && { query: provenance.use.queryPrompt, document: provenance.use.documentPrompt };
  return {
    encoder,
    sentence,
    prompts: trained ?? prompts,
    lowerCase,
    maxLength: Math.min(maxTokens ?? architecture.maxPositions, architecture.maxPositions),
    normalize: sentence.normalize || !sentence.described,
    isTuned: adapter !== undefined,
    provenance,
  };
}

/** What was trained, and what its folder says of that; the digest of the weights is checked once. */
interface Trained {
  adapter?: string;
  provenance: Provenance | null;
}

/** The folder of what a run has trained. @throws UserError where that is nothing, or an adapter is named beside it */
async function trainedIn(
  results: StepResults,
  run: string,
  config: Config,
  { adapter, onMessage }: OpenEncoderOptions,
): Promise<Trained> {
  if (adapter !== undefined) throw new UserError('a run folder and --adapter name two encoders: give one of them');
  const { trained, provenance } = await findTrainedRun(results, run, config, {
    // that the training is unfinished is said below, with the step of the weights
    onMessage: ({ level, text }) => level !== 'warning' && onMessage?.({ level, text }),
  });
  if (trained === null) throw new UserError(`${run} has no encoder yet: finish its training ${remedies().resume}`);
  return { adapter: trained, provenance };
}

/** @throws UserError for a run folder, and for weights that are not those of their provenance */
async function namedAdapter(folder: string | undefined): Promise<Trained> {
  if (folder === undefined) return { provenance: null };
  for (const trained of ['adapter', 'model']) {
    const inside = join(folder, trained);
    if ((await isThere(join(folder, 'run.json'))) && (await isThere(inside))) {
      throw new UserError(
        `${folder} is a run folder, not an adapter: give it as the first argument, or --adapter ${inside}`,
      );
    }
  }
  return { adapter: folder, provenance: await readProvenance(folder) };
}

/** Pooling and attention as the training had them, where the caller named no others. */
function asTrained(
  config: Config,
  folder: string,
  { use, progress }: Provenance,
  given: readonly (keyof EncoderUse)[],
  { onMessage }: Reporting,
): Config {
  const encoder: Record<string, unknown> = { ...config.encoder };
  for (const key of ['pooling', 'attention'] as const) {
    if (encoder[key] === use[key]) continue;
    if (given.includes(key)) {
      const text = `encoder.${key} = ${encoder[key]} as asked; the encoder was trained with ${use[key]}`;
      onMessage?.({ level: 'warning', text });
      continue;
    }
    onMessage?.({ level: 'info', text: `encoder.${key} = ${use[key]}, as the encoder was trained` });
    encoder[key] = use[key];
  }
  if (!progress.finished) {
    const text = `the training of ${folder} is unfinished (step ${progress.step} of ${progress.totalSteps}): its best weights so far are used`;
    onMessage?.({ level: 'warning', text });
  }
  return { ...config, encoder: encoder as Config['encoder'] };
}
