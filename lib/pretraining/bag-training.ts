/**
 * Contrastive pre-training of the token vectors alone: texts are bags of tokens with saturated weights, and a title must
 * find its abstract among those of the batch (InfoNCE, Adam, linear decay). Without a layer a pair costs a tenth.
 *
 * A step is a function of the seed, the phase and its number, so that an interrupted training goes on to the same bits.
 *
 *   V vocabulary, D width of a token's vector
 */

import { throwIfAborted } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { Random } from '../core/random.js';
import type { RowProducts } from '../engine/matmul.js';
import type { InfoNceLoss } from '../losses/info-nce.js';
import { AdamW } from '../training/adamw.js';
import { learningRateAt } from '../training/schedule.js';
import { bagVectors, tableGradient } from './embedding-bag.js';
import { bagMrr, type ValidationBags } from './retrieval-quality.js';
import { packBags, type Saturation } from './token-bags.js';
import { clozePair, dropBagTokens, type PaperTokens } from './training-pairs.js';

/** A stretch of training with settings of its own; see `pretraining` of the configuration for each. */
export interface BagPhase {
  steps: number;
  pairs: number;
  hardNegatives: number;
  learningRate: number;
}

export interface BagTrainingSettings {
  seed: number;
  phases: readonly BagPhase[];
  saturation: Saturation;
  titleDropout: number;
  abstractDropout: number;
  clozePairs: number;
  clozeWeight: number;
  warmupShare: number;
  averagedShare: number;
  validateEvery: number;
}

/** All that training remembers between two steps. */
export interface BagTrainingState {
  /** Index of the phase, and steps taken in it. */
  phase: number;
  step: number;
  /** [V, D] */
  table: Float32Array;
  /** AdamW's moments [V, D]. */
  firstMoments: Float32Array;
  secondMoments: Float32Array;
  /** Sum of the tables [V, D] after the last steps of the phase, and how many. */
  averageSum: Float32Array;
  averaged: number;
  history: BagTrainingHistory;
}

export interface BagTrainingHistory {
  losses: number[];
  validations: { step: number; mrr: number }[];
}

export interface BagTrainingData {
  papers: readonly PaperTokens[];
  /** For each paper, others whose abstracts are hard to tell from its own; asked for once a phase needs them. */
  negatives(): readonly Int32Array[];
  validation: ValidationBags;
  vocabularySize: number;
  width: number;
}

export interface BagTrainingTools extends Reporting {
  loss: InfoNceLoss;
  products: RowProducts;
  /** Called after a validation, and before an interruption is reported. */
  save?(state: BagTrainingState): Promise<void>;
}

/** The state before the first step. @param table [V, D], taken over and changed in place */
export function startBagTraining(table: Float32Array): BagTrainingState {
  const zeros = (): Float32Array => new Float32Array(table.length);
  return {
    phase: 0,
    step: 0,
    table,
    firstMoments: zeros(),
    secondMoments: zeros(),
    averageSum: zeros(),
    averaged: 0,
    history: { losses: [], validations: [] },
  };
}

/**
 * Trains to the end of the last phase; `state` is changed in place and ends with the averaged table.
 *
 * @throws Interrupted when the signal fires, after the state was saved
 * @throws WorkError when the loss stops being finite
 */
export async function trainBags(
  state: BagTrainingState,
  data: BagTrainingData,
  settings: BagTrainingSettings,
  tools: BagTrainingTools,
): Promise<void> {
  const total = settings.phases.reduce((sum, { steps }) => sum + steps, 0);
  const { history } = state;
  for (; state.phase < settings.phases.length; state.phase++) {
    const phase = settings.phases[state.phase]!;
    const negatives = phase.hardNegatives > 0 ? data.negatives() : [];
    const optimizer = optimizerOf(state);
    const batches = new PhaseBatches(data.papers.length, phase, settings.seed, state.phase);
    while (state.step < phase.steps) {
      if (tools.signal?.aborted) await tools.save?.(state);
      throwIfAborted(tools.signal, 'the state is saved');
      const { loss, gradient } = await lossAndGradient(state, batches.at(state.step), negatives, data, settings, tools);
      const schedule = {
        schedule: 'linear',
        learningRate: phase.learningRate,
        warmupShare: settings.warmupShare,
      } as const;
      optimizer.step(new Map([['table', gradient]]), learningRateAt(state.step, schedule, phase.steps));
      state.step++;
      if (state.step > phase.steps * (1 - settings.averagedShare)) addToAverage(state);
      history.losses.push(loss);
      const done = history.losses.length;
      if (state.step === phase.steps) takeAverage(state);
      if (done % settings.validateEvery === 0 || done === total) {
        const mrr = await bagMrr(state.table, data.width, data.validation, tools.products);
        history.validations.push({ step: done, mrr });
        if (state.step < phase.steps) await tools.save?.(state);
      }
      const mrr = history.validations.at(-1)?.mrr;
      const note = `loss ${loss.toFixed(3)}${mrr === undefined ? '' : `, validation MRR@10 ${mrr.toFixed(4)}`}`;
      tools.onProgress?.({ task: 'pre-training', done, total, unit: 'steps', note });
    }
    state.step = 0;
    state.firstMoments.fill(0);
    state.secondMoments.fill(0);
  }
}

/** An optimizer whose moments are those of the state. */
function optimizerOf(state: BagTrainingState): AdamW {
  const parameters = new Map([['table', state.table]]);
  const optimizer = new AdamW(parameters, { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0 });
  const moments = (values: Float32Array): Map<string, Float32Array> => new Map([['table', values]]);
  optimizer.restore({
    step: state.step,
    firstMoments: moments(state.firstMoments),
    secondMoments: moments(state.secondMoments),
  });
  const live = optimizer.state();
  state.firstMoments = live.firstMoments.get('table')!;
  state.secondMoments = live.secondMoments.get('table')!;
  return optimizer;
}

/** Averaging the last weights does what a longer decay would (Izmailov et al., 2018, arXiv:1803.05407). */
function addToAverage(state: BagTrainingState): void {
  const { averageSum, table } = state;
  for (let i = 0; i < table.length; i++) averageSum[i] = averageSum[i]! + table[i]!;
  state.averaged++;
}

function takeAverage(state: BagTrainingState): void {
  const { averageSum, averaged, table } = state;
  if (averaged > 0) for (let i = 0; i < table.length; i++) table[i] = averageSum[i]! / averaged;
  averageSum.fill(0);
  state.averaged = 0;
}

/** The papers of each step: whole batches of a shuffled order, a new order every epoch. */
class PhaseBatches {
  private epoch = -1;
  private order: number[] = [];
  private readonly perEpoch: number;

  constructor(
    private readonly papers: number,
    private readonly phase: BagPhase,
    private readonly seed: number,
    private readonly phaseIndex: number,
  ) {
    this.perEpoch = Math.max(1, Math.floor(papers / phase.pairs));
  }

  at(step: number): { papers: number[]; random: Random } {
    const epoch = Math.floor(step / this.perEpoch);
    if (epoch !== this.epoch) {
      const all = Array.from({ length: this.papers }, (_, i) => i);
      this.order = new Random(this.seed, 'papers', this.phaseIndex, epoch).shuffle(all);
      this.epoch = epoch;
    }
    const start = (step % this.perEpoch) * this.phase.pairs;
    const random = new Random(this.seed, 'texts', this.phaseIndex, step);
    return { papers: this.order.slice(start, start + this.phase.pairs), random };
  }
}

async function lossAndGradient(
  state: BagTrainingState,
  { papers: batch, random }: { papers: number[]; random: Random },
  negatives: readonly Int32Array[],
  data: BagTrainingData,
  settings: BagTrainingSettings,
  { loss }: BagTrainingTools,
): Promise<{ loss: number; gradient: Float32Array }> {
  const { papers, width, vocabularySize } = data;
  const { hardNegatives } = settings.phases[state.phase]!;
  const documents = [...batch, ...pickNegatives(batch, negatives, hardNegatives, random)];
  const cloze = distinct(settings.clozePairs, papers.length, random).map((i) => clozePair(papers[i]!.abstract, random));
  const groups = [
    batch.map((i) => dropBagTokens(papers[i]!.title, settings.titleDropout, random)),
    documents.map((i) => dropBagTokens(papers[i]!.abstract, settings.abstractDropout, random)),
    cloze.map(({ piece }) => piece),
    cloze.map(({ rest }) => rest),
  ] as const;
  const bags = packBags(groups.flat(), vocabularySize, settings.saturation);
  const vectors = bagVectors(state.table, width, bags);
  let end = 0;
  const [titles, abstracts, pieces, rests] = groups.map((texts) => {
    const start = end;
    end += texts.length * width;
    return vectors.subarray(start, end);
  }) as [Float32Array, Float32Array, Float32Array, Float32Array];

  const main = await loss.compute(titles, abstracts);
  titles.set(main.queryGradient);
  abstracts.set(main.documentGradient);
  let value = main.loss;
  if (cloze.length > 0) {
    const { loss: clozeLoss, queryGradient, documentGradient } = await loss.compute(pieces, rests);
    const weight = settings.clozeWeight;
    pieces.set(queryGradient.map((gradient) => weight * gradient));
    rests.set(documentGradient.map((gradient) => weight * gradient));
    value += weight * clozeLoss;
  }
  // the vectors have been replaced by their gradients
  return { loss: value, gradient: tableGradient(vectors, width, bags, vocabularySize) };
}

/** Some of the integers below `bound`, all if there are fewer; each once. */
function distinct(count: number, bound: number, random: Random): number[] {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(count, bound)) chosen.add(random.integer(bound));
  return [...chosen];
}

/** For each paper of the batch some of its hard negatives; none that is in the batch, where it would be a positive. */
function pickNegatives(
  batch: readonly number[],
  negatives: readonly Int32Array[],
  each: number,
  random: Random,
): number[] {
  if (each === 0) return [];
  const positives = new Set(batch);
  return batch.flatMap((paper) => {
    const candidates = Array.from(negatives[paper]!).filter((i) => !positives.has(i));
    return random.shuffle(candidates).slice(0, each);
  });
}
