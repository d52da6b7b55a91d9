/**
 * The trained token vectors of an encoder: latent semantic analysis to begin with, then contrastive training as bags, from
 * the start or from where an interrupted training stopped.
 */
import type { Config } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import { fingerprintOf } from '../core/fingerprint.js';
import type { SourceRecord } from '../datasets/record.js';
import { matmulTransposed } from '../engine/matmul.js';
import type { Engine } from '../engine/types.js';
import { createInfoNceLoss } from '../losses/info-nce.js';
import { scientificTerms } from '../retrieval/systems/scientific-terms.js';
import type { BagTrainingSettings } from './bag-step.js';
import { trainBags } from './bag-training.js';
import { type BagTrainingState, startBagTraining } from './bag-training-state.js';
import { contentVectors } from './initial-embeddings.js';
import { mineLexicalNegatives } from './mined-negatives.js';
import type { PapersBySplit } from './papers.js';
import { hasPretrainingState, loadPretrainingState, savePretrainingState } from './pretraining-state.js';
import { countTokens } from './sparse-matrix.js';
import { packBags } from './token-bags.js';
import type { PaperTokens } from './training-pairs.js';

export interface TokenVectorOptions extends Reporting {
  config: Config;
  /** Folder that keeps the state of an unfinished training. */
  out: string;
  /** Resume from that state, where there is one. */
  resume?: boolean;
}

/** Papers as token ids: those trained on, and those that validations look at. */
export type TokensBySplit = Record<'train' | 'validation', PaperTokens[]>;

/**
 * @param papers those whose tokens are given; the fingerprint of the kept state covers them
 * @throws UserError where the kept state is damaged, or of other settings or data
 * @throws Interrupted when the signal fires, after the state was saved
 */
export async function trainTokenVectors(
  { config, out, resume, ...reporting }: TokenVectorOptions,
  papers: PapersBySplit,
  tokens: TokensBySplit,
  engine: Engine,
): Promise<BagTrainingState> {
  const { seed, pretraining: settings } = config;
  const { vocabularySize, contentSize: width } = settings;
  const fingerprint = fingerprintOf({
    seed,
    pretraining: settings,
    papers: [...papers.train, ...papers.validation].map(({ id, title, abstract }) => [id, title, abstract]),
  });
  const save = (state: BagTrainingState): Promise<void> => savePretrainingState(out, state, fingerprint);
  const resumes = resume && (await hasPretrainingState(out));
  const state = resumes
    ? await loadPretrainingState(out, fingerprint)
    : startBagTraining(initialVectors(tokens.train, config, reporting));
  if (!resumes) await save(state);

  const loss = await createInfoNceLoss(engine, {
    dimensions: width,
    temperature: settings.temperature,
    symmetric: true,
    falseNegativeMargin: null,
  });
  try {
    const bags = (texts: Uint16Array[]) => packBags(texts, vocabularySize, settings.saturation);
    const validationBags = {
      titles: bags(tokens.validation.map(({ title }) => title)),
      abstracts: bags(tokens.validation.map(({ abstract }) => abstract)),
    };
    const negatives = lexicalNegatives(papers.train, settings.minedNegatives, reporting);
    await trainBags(
      state,
      { papers: tokens.train, negatives, validation: validationBags, vocabularySize, width },
      trainingSettings(config, tokens.train.length),
      { ...reporting, loss, products: matmulTransposed(engine), save },
    );
  } finally {
    await loss.dispose();
  }
  return state;
}

/** Vectors from co-occurrence [V, D], with entries of about 1, so that the learning rate is a share of them. */
function initialVectors(papers: readonly PaperTokens[], config: Config, reporting: Reporting): Float32Array {
  const { seed, pretraining: settings } = config;
  const width = settings.contentSize;
  const documents = papers.map(({ title, abstract }) => Uint16Array.of(...title, ...abstract));
  const counts = countTokens(documents, settings.vocabularySize);
  const content = contentVectors(counts, { ...settings, width, seed }, reporting);
  return Float32Array.from(content, (value) => value * Math.sqrt(width));
}

/** Mined when they are first asked for: phases without hard negatives need none. */
function lexicalNegatives(papers: readonly SourceRecord[], count: number, reporting: Reporting): () => Int32Array[] {
  let mined: Int32Array[] | undefined;
  return () => {
    mined ??= mineLexicalNegatives(
      papers.map(({ title }) => scientificTerms(title)),
      papers.map(({ abstract }) => scientificTerms(abstract)),
      count,
      reporting,
    );
    return mined;
  };
}

function trainingSettings({ seed, pretraining }: Config, papers: number): BagTrainingSettings {
  const phases = pretraining.phases.map(({ epochs, ...phase }) => {
    const pairs = Math.min(phase.pairs, papers);
    return { ...phase, pairs, steps: epochs * Math.floor(papers / pairs) };
  });
  return { ...pretraining, seed, phases };
}
