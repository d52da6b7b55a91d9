/**
 * Pre-training of a small encoder from a metadata snapshot alone: tokenizer, token vectors from co-occurrence, contrastive
 * training of these vectors as bags with saturated weights, and the attention layer that computes the saturation.
 * One snapshot and one seed give the same bytes.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import writeFileAtomic from 'write-file-atomic';
import type { Config } from '../config/config.js';
import { UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { fingerprintOf } from '../core/fingerprint.js';
import { Random } from '../core/random.js';
import type { Split } from '../datasets/paper.js';
import type { SourceRecord } from '../datasets/record.js';
import { topicLookup } from '../datasets/topics.js';
import { matmulTransposed } from '../engine/matmul.js';
import { startEngine } from '../engine/start-engine.js';
import type { Engine } from '../engine/types.js';
import { createInfoNceLoss } from '../losses/info-nce.js';
import { scientificTerms } from '../retrieval/systems/scientific-terms.js';
import {
  type BagTrainingHistory,
  type BagTrainingSettings,
  type BagTrainingState,
  startBagTraining,
  trainBags,
} from './bag-training.js';
import { chooseSaturation } from './choose-saturation.js';
import { type TrainedTokenizer, tokenizeCorpus } from './corpus.js';
import { contentVectors } from './initial-embeddings.js';
import { layerBags } from './layer-bags.js';
import { measureEncoder, type PretrainingQuality } from './measure-encoder.js';
import { mineLexicalNegatives } from './mined-negatives.js';
import { modelCard } from './model-card.js';
import { type Qwen2Shape, writeModelFolder } from './model-folder.js';
import { readPapersBySide } from './papers.js';
import {
  discardPretrainingState,
  hasPretrainingState,
  loadPretrainingState,
  savePretrainingState,
} from './pretraining-state.js';
import { mostFrequentTokens, saturatingEncoder } from './saturation-layer.js';
import { countTokens } from './sparse-matrix.js';
import { packBags, type Saturation } from './token-bags.js';
import { END_OF_TEXT, tokenizerConfig, tokenizerJson } from './tokenizer-files.js';
import type { PaperTokens } from './training-pairs.js';

export interface PretrainOptions extends Reporting {
  /** `seed`, `engine`, `threads`, `pretraining`; the shares of the split come from `datasets`. */
  config: Config;
  /** A metadata snapshot (.jsonl or .jsonl.gz). */
  data: string;
  /** The model folder to write. */
  out: string;
  /** Go on from the folder's unfinished pre-training, where there is one. */
  resume?: boolean;
  /** Discard it. */
  restart?: boolean;
}

export interface PretrainResult {
  out: string;
  parameters: number;
  /** Papers by side of the split, after exclusion. */
  papers: Record<Split, number>;
  history: BagTrainingHistory;
  /** What the layer computes, see {@link chooseSaturation}. */
  saturation: Saturation;
  quality: PretrainingQuality;
  /** Of this process, all threads, since its start. */
  cpuSeconds: number;
}

/** Positions beyond the 512 tokens that the experiment cuts abstracts to. */
const MAX_POSITIONS = 1024;
/** Validation papers by which the hybrid of the model card weighs its parts. */
const FUSION_PAPERS = 2000;
/** So slow a rotation that 23 pairs of dimensions of a head hardly turn over a text; see saturation-layer.ts. */
const ROPE_THETA = 1e12;

/**
 * Pre-trains an encoder and writes it as a model folder, with a model card and pretraining.json, the record of its making.
 *
 * @throws UserError for data that cannot be read, or an unfinished pre-training that is neither resumed nor discarded
 * @throws Interrupted when the signal fires; what was trained is kept for `resume`
 */
export async function pretrain(options: PretrainOptions): Promise<PretrainResult> {
  const { config, data, out } = options;
  const reporting: Reporting = { onProgress: options.onProgress, onMessage: options.onMessage, signal: options.signal };
  const settings = config.pretraining;
  await prepareFolder(options);
  const papers = await papersOf(data, config, reporting);
  const corpus = tokenizeCorpus(
    papers.train.flatMap(({ title, abstract }) => [title, abstract]),
    { vocabularySize: settings.vocabularySize, specialTokens: [END_OF_TEXT], split: 'stems' },
    reporting,
  );
  if (corpus.tokenizer.vocabulary.length < settings.vocabularySize) {
    throw new WorkError(
      `the texts give only ${corpus.tokenizer.vocabulary.length} tokens: lower pretraining.vocabularySize (${settings.vocabularySize}) or use more papers`,
    );
  }
  const tokens = papers.train.map((_, i) => ({ title: corpus.ids[2 * i]!, abstract: corpus.ids[2 * i + 1]! }));
  const engine = await startEngine(config, reporting);
  try {
    const allValidation = tokensOf(papers.validation, corpus.tokenizer);
    const validation = chosenValidation(allValidation, config);
    const state = await trainedState(options, papers, tokens, validation, engine);
    const { contentSize: width } = settings;
    const products = matmulTransposed(engine);
    const abstracts = tokens.map(({ abstract }) => abstract);
    const frequent = mostFrequentTokens(abstracts, settings.vocabularySize, settings.stopTokens);
    const chosen = await chooseSaturation(
      state.table,
      width,
      allValidation,
      settings.saturation,
      products,
      (texts, saturation) => layerBags(texts, settings.vocabularySize, saturation, frequent),
      reporting,
    );
    const shape = modelShape(settings);
    const weights = saturatingEncoder(state.table, width, {
      shape,
      saturation: chosen.saturation,
      stopTokens: frequent.tokens,
      stopShare: frequent.share,
      seed: config.seed,
    });
    await writeModelFolder(out, { shape, weights, tokenizer: corpus.tokenizer });
    const measured = {
      test: new Random(config.seed, 'measured papers').shuffle(papers.test).slice(0, settings.testPapers),
      validation: chosenValidation(papers.validation, config).slice(0, FUSION_PAPERS),
    };
    const quality = await measureEncoder(out, measured, engine, config, reporting);
    const { user, system } = process.cpuUsage();
    const result: PretrainResult = {
      out,
      parameters: Object.values(weights).reduce((sum, weight) => sum + weight.data.length, 0),
      papers: { train: papers.train.length, validation: papers.validation.length, test: papers.test.length },
      history: state.history,
      saturation: chosen.saturation,
      quality,
      cpuSeconds: (user + system) / 1e6,
    };
    await writeFileAtomic(join(out, 'pretraining.json'), pretrainingRecord(result, config));
    await writeFileAtomic(join(out, 'README.md'), modelCard(result, config));
    await discardPretrainingState(out);
    return result;
  } finally {
    await engine.close();
  }
}

/** How the encoder came about, for whoever draws or checks it: seed, settings, numbers of papers, the curves. */
function pretrainingRecord(
  { papers, history, saturation }: PretrainResult,
  { seed, pretraining: settings }: Config,
): string {
  const rounded = (value: number): number => Number(value.toFixed(4));
  const losses = history.losses.map(rounded);
  const validations = history.validations.map(({ step, mrr }) => ({ step, mrr: rounded(mrr) }));
  return `${JSON.stringify({ seed, settings, papers, saturation, validations, losses })}\n`;
}

async function prepareFolder({ out, resume, restart }: PretrainOptions): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
  } catch (error) {
    throw new WorkError(`cannot write to ${out}: ${(error as Error).message}; choose another folder with --out`);
  }
  if (restart) await discardPretrainingState(out);
  else if (!resume && (await hasPretrainingState(out))) {
    throw new UserError(
      `${out} holds an unfinished pre-training: go on with --resume, discard it with --restart, or choose another --out`,
    );
  }
}

/** The papers by side, without the topics that the encoder must not see. Those of the test side keep them. */
async function papersOf(
  data: string,
  { pretraining }: Config,
  reporting: Reporting,
): Promise<Record<Split, SourceRecord[]>> {
  const excluded = topicLookup(pretraining.excludedTopics.map((name) => ({ name, role: 'main' })));
  const isSeen = ({ categories }: SourceRecord): boolean => excluded(categories[0] ?? '') === null;
  const { train, validation, test } = await readPapersBySide(data, reporting);
  const sides = { train: train.filter(isSeen), validation: validation.filter(isSeen), test };
  for (const [side, papers] of Object.entries(sides)) {
    if (papers.length >= 2) continue;
    throw new UserError(
      `"${data}" has ${papers.length} papers on the ${side} side${pretraining.excludedTopics.length > 0 ? ` without ${pretraining.excludedTopics.join(', ')}` : ''}: expected at least 2; use more papers`,
    );
  }
  return sides;
}

/** Trains the token vectors, from the start or from where an interrupted training stopped. */
async function trainedState(
  { config, out, resume, ...reporting }: PretrainOptions,
  papers: Record<Split, SourceRecord[]>,
  tokens: PaperTokens[],
  validation: PaperTokens[],
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
  let state: BagTrainingState;
  if (resume && (await hasPretrainingState(out))) {
    state = await loadPretrainingState(out, fingerprint);
  } else {
    const documents = tokens.map(({ title, abstract }) => Uint16Array.of(...title, ...abstract));
    const counts = countTokens(documents, vocabularySize);
    const content = contentVectors(counts, { ...settings, width, seed }, reporting);
    // Entries of about 1, so that the learning rate is a share of them.
    state = startBagTraining(Float32Array.from(content, (value) => value * Math.sqrt(width)));
    await save(state);
  }

  let mined: Int32Array[] | undefined;
  const negatives = (): Int32Array[] => {
    mined ??= mineLexicalNegatives(
      papers.train.map(({ title }) => scientificTerms(title)),
      papers.train.map(({ abstract }) => scientificTerms(abstract)),
      settings.minedNegatives,
      reporting,
    );
    return mined;
  };
  const loss = await createInfoNceLoss(engine, {
    dimensions: width,
    temperature: settings.temperature,
    symmetric: true,
    falseNegativeMargin: null,
  });
  try {
    const bags = (texts: Uint16Array[]) => packBags(texts, vocabularySize, settings.saturation);
    const validationBags = {
      titles: bags(validation.map(({ title }) => title)),
      abstracts: bags(validation.map(({ abstract }) => abstract)),
    };
    await trainBags(
      state,
      { papers: tokens, negatives, validation: validationBags, vocabularySize, width },
      trainingSettings(config, tokens.length),
      { ...reporting, loss, products: matmulTransposed(engine), save },
    );
  } finally {
    await loss.dispose();
  }
  return state;
}

function trainingSettings({ seed, pretraining }: Config, papers: number): BagTrainingSettings {
  const phases = pretraining.phases.map(({ epochs, ...phase }) => {
    const pairs = Math.min(phase.pairs, papers);
    return { ...phase, pairs, steps: epochs * Math.floor(papers / pairs) };
  });
  return { ...pretraining, seed, phases };
}

/** The same papers whether records or their tokens are given. */
function chosenValidation<T>(papers: readonly T[], { seed, pretraining }: Config): T[] {
  return new Random(seed, 'validation papers').shuffle(papers).slice(0, pretraining.validationPapers);
}

/** Papers as the finished tokenizer reads them, without its start token. */
function tokensOf(papers: readonly SourceRecord[], tokenizer: TrainedTokenizer): PaperTokens[] {
  const reader = new Tokenizer(tokenizerJson(tokenizer), tokenizerConfig(MAX_POSITIONS));
  const encode = (text: string): Uint16Array => Uint16Array.from(reader.encode(text).ids);
  return papers.map(({ title, abstract }) => ({
    title: encode(title),
    abstract: encode(abstract),
  }));
}

function modelShape(settings: Config['pretraining']): Qwen2Shape {
  return {
    vocabularySize: settings.vocabularySize,
    hiddenSize: settings.hiddenSize,
    intermediateSize: settings.intermediateSize,
    layers: 1,
    attentionHeads: settings.attentionHeads,
    keyValueHeads: settings.attentionHeads,
    ropeTheta: ROPE_THETA,
    maxPositions: MAX_POSITIONS,
    causal: false,
    startToken: true,
  };
}
