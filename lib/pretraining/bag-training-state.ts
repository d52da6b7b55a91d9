/**
 * All that the contrastive training of token vectors remembers between two steps, and what is made from it: the optimizer
 * that continues its moments, and the running average of the last tables.
 *
 *   V vocabulary, D width of a token's vector
 */
import { AdamW } from '../training/adamw.js';

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

/** An optimizer whose moments are those of the state. */
export function optimizerOf(state: BagTrainingState): AdamW {
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
export function addToAverage(state: BagTrainingState): void {
  const { averageSum, table } = state;
  for (let i = 0; i < table.length; i++) averageSum[i] = averageSum[i]! + table[i]!;
  state.averaged++;
}

/** The table becomes the average, which starts anew. */
export function takeAverage(state: BagTrainingState): void {
  const { averageSum, averaged, table } = state;
  if (averaged > 0) for (let i = 0; i < table.length; i++) table[i] = averageSum[i]! / averaged;
  averageSum.fill(0);
  state.averaged = 0;
}
