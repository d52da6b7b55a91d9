/**
 * Pre-training of a small encoder from a metadata snapshot alone: tokenizer, token vectors from co-occurrence, contrastive
 * training of these vectors as bags with saturated weights, and the attention layer that computes the saturation.
 * One snapshot and one seed give the same bytes.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import type { Config } from '../config/config.js';
import { UserError, WorkError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import { Random } from '../core/random.js';
import type { SourceRecord } from '../datasets/record.js';
import { startEngine } from '../engine/start-engine.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { type TokenizedCorpus, type TrainedTokenizer, tokenizeCorpus } from './corpus.js';
import { measureEncoder } from './measure-encoder.js';
import { modelCard } from './model-card.js';
import { type Qwen2Shape, type Weight, writeModelFolder } from './model-folder.js';
import { readSeenPapers } from './papers.js';
import { type PretrainResult, pretrainingRecord } from './pretraining-record.js';
import { discardPretrainingState, hasPretrainingState } from './pretraining-state.js';
import { questionTokens } from './question-words.js';
import { saturatingEncoder } from './saturation-layer.js';
import { partsOfRow } from './saturation-rows.js';
import { mostFrequentTokens } from './stop-tokens.js';
import { trainTokenVectors } from './token-vectors.js';
import { END_OF_TEXT, tokenizerConfig, tokenizerJson } from './tokenizer-files.js';
import type { PaperTokens } from './training-pairs.js';

export type { PretrainResult } from './pretraining-record.js';

/** What a small encoder is made from. */
export interface PretrainOptions extends Reporting {
  /** `seed`, `engine`, `threads`, `pretraining`; the shares of the split come from `datasets`. */
  config: Config;
  /** A metadata snapshot (.jsonl or .jsonl.gz). */
  data: string;
  /** The model folder to write. */
  out: string;
  /** Resume the folder's unfinished pre-training, where there is one. */
  resume?: boolean;
  /** Discard it. */
  restart?: boolean;
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
  // asked before hours are spent on what the layer at the end has no place for
  partsOfRow(modelShape(config.pretraining), config.pretraining.contentSize);
  await prepareFolder(options);
  const papers = await readSeenPapers(data, config, reporting);
  const { tokenizer, ids } = trainTokenizer(papers.train, config, reporting);
  const tokens = papers.train.map((_, i) => ({ title: ids[2 * i]!, abstract: ids[2 * i + 1]! }));
  const engine = await startEngine(config, reporting);
  try {
    const sampled = { train: tokens, validation: tokensOf(chosenValidation(papers.validation, config), tokenizer) };
    const state = await trainTokenVectors(
      { ...reporting, config, out, resume: options.resume },
      papers,
      sampled,
      engine,
    );
    const shape = modelShape(config.pretraining);
    const weights = finishedWeights(state.table, shape, tokens, tokenizer, config);
    await writeModelFolder(out, { shape, weights, tokenizer, matrices: 'F8_E5M2' });
    const measured = {
      test: new Random(config.seed, 'measured papers').shuffle(papers.test).slice(0, config.pretraining.testPapers),
      validation: chosenValidation(papers.validation, config).slice(0, FUSION_PAPERS),
    };
    const quality = await measureEncoder(out, measured, engine, config, reporting);
    const { user, system } = process.cpuUsage();
    const result: PretrainResult = {
      out,
      parameters: Object.values(weights).reduce((sum, weight) => sum + weight.data.length, 0),
      papers: { train: papers.train.length, validation: papers.validation.length, test: papers.test.length },
      history: state.history,
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

/** The tokenizer of the training papers, and their titles and abstracts in turn as its ids. */
function trainTokenizer(papers: readonly SourceRecord[], config: Config, reporting: Reporting): TokenizedCorpus {
  const { vocabularySize } = config.pretraining;
  const corpus = tokenizeCorpus(
    papers.flatMap(({ title, abstract }) => [title, abstract]),
    { vocabularySize, specialTokens: [END_OF_TEXT], split: 'stems' },
    reporting,
  );
  const found = corpus.tokenizer.vocabulary.length;
  if (found >= vocabularySize) return corpus;
  throw new WorkError(
    `the texts give only ${quantity(found, 'tokens')}: lower pretraining.vocabularySize (${vocabularySize}) or use more papers`,
  );
}

/** All weights of the encoder from its token vectors [V, D]. */
function finishedWeights(
  table: Float32Array,
  shape: Qwen2Shape,
  papers: readonly PaperTokens[],
  tokenizer: TrainedTokenizer,
  { seed, pretraining: settings }: Config,
): Record<string, Weight> {
  const abstracts = papers.map(({ abstract }) => abstract);
  const frequent = mostFrequentTokens(abstracts, settings.vocabularySize, settings.stopTokens);
  return saturatingEncoder(table, settings.contentSize, {
    shape,
    saturation: settings.layerSaturation,
    stopTokens: frequent.tokens,
    stopShare: frequent.share,
    questionTokens: questionTokens(encoderOf(tokenizer)),
    seed,
  });
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
      `${out} holds an unfinished pre-training: continue it with --resume, discard it with --restart, or choose another --out`,
    );
  }
}

function chosenValidation(papers: readonly SourceRecord[], { seed, pretraining }: Config): SourceRecord[] {
  return new Random(seed, 'validation papers').shuffle(papers).slice(0, pretraining.validationPapers);
}

function tokensOf(papers: readonly SourceRecord[], tokenizer: TrainedTokenizer): PaperTokens[] {
  const encode = encoderOf(tokenizer);
  return papers.map(({ title, abstract }) => ({ title: encode(title), abstract: encode(abstract) }));
}

/** Texts as the finished tokenizer reads them, without its start token. */
function encoderOf(tokenizer: TrainedTokenizer): (text: string) => Uint16Array {
  const reader = new Tokenizer(tokenizerJson(tokenizer), tokenizerConfig(MAX_POSITIONS));
  return (text) => Uint16Array.from(reader.encode(text).ids);
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
