/** What a pre-training leaves behind: its result, and the record of its making that lies beside the encoder. */
import type { Config } from '../config/config.js';
import type { Split } from '../datasets/paper.js';
import type { BagTrainingHistory } from './bag-training-state.js';
import type { PretrainingQuality } from './measure-encoder.js';

/** What a pre-training made, and how good it is. */
export interface PretrainResult {
  out: string;
  parameters: number;
  /** Papers by split, after exclusion. */
  papers: Record<Split, number>;
  history: BagTrainingHistory;
  quality: PretrainingQuality;
  /** Of this process, all threads, since its start. */
  cpuSeconds: number;
}

/** How the encoder came about, for whoever draws or checks it: seed, settings, numbers of papers, the curves. */
export function pretrainingRecord(
  { papers, history }: PretrainResult,
  { seed, pretraining: settings }: Config,
): string {
  const rounded = (value: number): number => Number(value.toFixed(4));
  const losses = history.losses.map(rounded);
  const validations = history.validations.map(({ step, mrr }) => ({ step, mrr: rounded(mrr) }));
  return `${JSON.stringify({ seed, settings, papers, validations, losses })}\n`;
}
