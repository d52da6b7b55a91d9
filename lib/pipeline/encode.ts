/**
 * A file of texts to a file of embeddings, by the configured model alone or with what was trained on it. What was trained
 * says how it is used; a setting given by hand wins, and is said.
 */
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { didYouMean } from '../core/did-you-mean.js';
import { UserError } from '../core/errors.js';
import { type EncodedFile, type EncodeTextsOptions, encodeTextFile } from '../encoder/encode-file.js';
import { isThere } from '../hub/model-files.js';
import type { SentenceConfig } from '../models/sentence/sentence-config.js';
import { sentenceUse } from '../models/sentence/sentence-use.js';
import type { EncoderUse } from './encoder-use.js';
import { type Provenance, readProvenance } from './provenance.js';
import type { StepResults } from './step-results.js';
import { adaptedEncoder, untunedEncoder } from './steps/encoder.js';
import { findTrainedRun } from './trained-run.js';

/** Which file to encode, with which adapter, and where to. */
export interface EncodeFileOptions
  extends Omit<EncodeTextsOptions, 'tokenBudget' | 'prompt' | 'normalize' | 'lowerCase'> {
  /** A run folder, whose encoder is used as it was trained; `config` is that of the run. */
  run?: string;
  /** Folder of a LoRA adapter or of a trained model. */
  adapter?: string;
  /**
   * Put before every text; absent: the default prompt of the model's folder, which is none as a rule, also where queries
   * were trained with one, since texts may be either.
   */
  prompt?: string;
  /** Name of a prompt of the model's folder: "query". */
  promptName?: string;
  /** Scale every embedding to length 1; absent: as the folder of the model says, and where it says nothing. */
  normalize?: boolean;
  /** Settings of `encoder` that the caller named, and that win over those of the training. */
  given?: readonly (keyof EncoderUse)[];
}

export async function encodeFile(
  results: StepResults,
  config: Config,
  options: EncodeFileOptions,
): Promise<EncodedFile> {
  const { run, adapter: named, given = [], prompt, promptName, normalize, maxLength, ...rest } = options;
  const { adapter, provenance } = run === undefined ? await namedAdapter(named) : await trainedIn(run, config, options);
  const used = adapter && provenance ? asTrained(config, adapter, provenance, given, rest) : config;
  const model = await results.model(used, rest);
  const encoder = adapter ? await adaptedEncoder(used, model, adapter) : await untunedEncoder(used, model);
  try {
    const { sentence } = encoder.base;
    const { maxTokens, lowerCase } = sentenceUse({ ...used.encoder, similarity: 'cosine' }, sentence);
    const longest = maxLength ?? maxTokens ?? undefined;
    return await encodeTextFile(encoder, {
      ...rest,
      prompt: prompt ?? promptOf(sentence, promptName),
      normalize: normalize ?? (sentence.normalize || !sentence.described),
      lowerCase,
      ...(longest === undefined ? {} : { maxLength: longest }),
      tokenBudget: config.batches.tokenBudget,
    });
  } finally {
    await encoder.dispose();
  }
}

/** What was trained, and what its folder says of that; the digest of the weights is checked once. */
interface Trained {
  adapter?: string;
  provenance: Provenance | null;
}

/** The folder of what a run has trained. @throws UserError where that is nothing, or an adapter is named beside it */
async function trainedIn(run: string, config: Config, { adapter, onMessage }: EncodeFileOptions): Promise<Trained> {
  if (adapter !== undefined) throw new UserError('a run folder and --adapter name two encoders: give one of them');
  const { trained, provenance } = await findTrainedRun(run, config, ({ level, text }) => {
    // that the training is unfinished is said below, with the step of the weights
    if (level !== 'warning') onMessage?.({ level, text });
  });
  if (trained === null) throw new UserError(`${run} has no encoder yet: finish its training with --resume`);
  return { adapter: trained, provenance };
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
  { onMessage }: Pick<EncodeFileOptions, 'onMessage'>,
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
  if (use.queryPrompt !== '') {
    const text = `the encoder was trained with ${JSON.stringify(use.queryPrompt)} before every query: give it with --prompt where the texts are queries`;
    onMessage?.({ level: 'info', text });
  }
  if (!progress.finished) {
    const text = `the training of ${folder} is unfinished (step ${progress.step} of ${progress.totalSteps}): its best weights so far are used`;
    onMessage?.({ level: 'warning', text });
  }
  return { ...config, encoder: encoder as Config['encoder'] };
}
