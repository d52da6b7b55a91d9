/**
 * Where the time of a training goes: seconds by part, and how much useful work a second the encoder does in them.
 * Useful work is counted as in models/flops.ts: padding and what is computed twice lower the rate.
 */

import type { EncodingPlan } from '../encoder/encoding-plan.js';
import type { ExecutionPlan } from '../encoder/execution-plan.js';

/** The parts of a training, in the order of a step; those of other ranks are 0 in one process. */
export const TRAINING_PARTS = [
  'first pass',
  'loss',
  'second pass',
  'waiting for other ranks',
  'exchange with other ranks',
  'clipping',
  'optimizer',
  'parameters to the engine',
  'validation',
  'checkpoints',
] as const;
export type TrainingPart = (typeof TRAINING_PARTS)[number];

/** How the encoder was computed. */
export interface TrainingPlans {
  steps: ExecutionPlan['name'];
  validation: EncodingPlan['name'];
}

/** Where the time of a training went. */
export interface TrainingProfile {
  plans: TrainingPlans;
  /** Steps of this sitting; a resumed training profiles what it did itself. */
  steps: number;
  seconds: number;
  /** Tokens that are not padding, each counted once. */
  tokens: number;
  /** Share of the encoder's rows that is padding. */
  paddingShare: number;
  /** Useful work of a step, in GFLOP, forward and backward pass. */
  gigaflopsPerStep: number;
  /** Useful work over the seconds of the steps, without validations and checkpoints. */
  gigaflopsPerSecond: number;
  parts: {
    name: TrainingPart | 'other';
    seconds: number;
    /** Of all seconds, 0 to 1. */
    share: number;
    /** Null where the part is not the encoder's. */
    gigaflopsPerSecond: number | null;
  }[];
}

export class ProfileRecorder {
  private readonly start = performance.now();
  private readonly milliseconds = new Map<TrainingPart, number>();
  private readonly flops = new Map<TrainingPart, number>();
  private steps = 0;
  private tokens = 0;
  private paddedTokens = 0;

  constructor(private readonly plans: TrainingPlans) {}

  /** Adds time to a part, and the work that was done in it. */
  add(part: TrainingPart, milliseconds: number, flops = 0): void {
    this.milliseconds.set(part, (this.milliseconds.get(part) ?? 0) + milliseconds);
    this.flops.set(part, (this.flops.get(part) ?? 0) + flops);
  }

  /** Times some work as a part. */
  async time<T>(part: TrainingPart, work: () => T | Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.add(part, performance.now() - start);
    }
  }

  countStep(tokens: number, paddedTokens: number): void {
    this.steps++;
    this.tokens += tokens;
    this.paddedTokens += paddedTokens;
  }

  profile(): TrainingProfile {
    const total = performance.now() - this.start;
    const of = (part: TrainingPart): number => this.milliseconds.get(part) ?? 0;
    const named = TRAINING_PARTS.reduce((sum, part) => sum + of(part), 0);
    const flops = [...this.flops.values()].reduce((sum, value) => sum + value, 0);
    const stepping = total - of('validation') - of('checkpoints');
    const part = (name: TrainingPart | 'other', milliseconds: number, work: number) => ({
      name,
      seconds: milliseconds / 1000,
      share: total > 0 ? milliseconds / total : 0,
      gigaflopsPerSecond: work > 0 ? work / milliseconds / 1e6 : null,
    });
    return {
      plans: this.plans,
      steps: this.steps,
      seconds: total / 1000,
      tokens: this.tokens,
      paddingShare: this.paddedTokens > 0 ? 1 - this.tokens / this.paddedTokens : 0,
      gigaflopsPerStep: this.steps > 0 ? flops / this.steps / 1e9 : 0,
      gigaflopsPerSecond: stepping > 0 ? flops / stepping / 1e6 : 0,
      parts: [
        ...TRAINING_PARTS.map((name) => part(name, of(name), this.flops.get(name) ?? 0)),
        part('other', total - named, 0),
      ],
    };
  }
}
