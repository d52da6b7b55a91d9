/** What a checkpoint is made of, and the form of its state.json. */
import { z } from 'zod';
import type { ParameterMap } from '../encoder/adapter-files.js';
import type { AdamWState } from './adamw.js';
import type { StrengthChoice } from './adapter-strength.js';

const count = () => z.number().int().min(0);

/** Where a training stands. */
export interface TrainingState {
  /** Optimizer steps taken, those skipped included. */
  step: number;
  /** Steps that the whole training takes. */
  totalSteps: number;
  epoch: number;
  /** Batches of the epoch already trained on. */
  batchIndex: number;
  seed: number;
  /** See training-folder.ts. */
  configFingerprint: string;
  /** With the digest of the parameters that scored it, see checksums.ts. */
  bestValidation: { metric: string; value: number; step: number; digest: string } | null;
  /** What the curves of the report draw. */
  history: {
    steps: { step: number; loss: number; learningRate: number; gradientNorm: number; tokensPerSecond: number }[];
    validations: { step: number; mrr: number }[];
    strength?: StrengthChoice;
  };
  /** Steps without effect, see divergence.ts. */
  skipped: { step: number; reason: string }[];
}

export interface Checkpoint {
  state: TrainingState;
  parameters: ParameterMap;
  optimizer: AdamWState;
}

/** A {@link StrengthChoice}. */
export const strengthSchema: z.ZodType<StrengthChoice> = z.strictObject({
  strength: z.number(),
  queries: count(),
  candidates: z.array(
    z.strictObject({ strength: z.number(), mrr: z.number(), difference: z.number(), standardError: z.number() }),
  ),
});
const historySchema = z.strictObject({
  steps: z.array(
    z.strictObject({
      step: count(),
      loss: z.number(),
      learningRate: z.number(),
      gradientNorm: z.number(),
      tokensPerSecond: z.number(),
    }),
  ),
  validations: z.array(z.strictObject({ step: count(), mrr: z.number() })),
  strength: strengthSchema.optional(),
});
const skippedSchema = z.strictObject({ step: count(), reason: z.string() });
const bestSchema = z.strictObject({ metric: z.string(), value: z.number(), step: count() });

export const stateSchema: z.ZodType<TrainingState & { schemaVersion: 2 }> = z.strictObject({
  schemaVersion: z.literal(2),
  step: count(),
  totalSteps: count(),
  epoch: count(),
  batchIndex: count(),
  seed: z.number().int(),
  configFingerprint: z.string(),
  bestValidation: bestSchema.extend({ digest: z.string() }).nullable(),
  history: historySchema,
  skipped: z.array(skippedSchema),
});

/** What is still read of a state of version 1: how far it got. */
export const progressSchema = z.object({
  step: count(),
  totalSteps: count(),
  bestValidation: bestSchema.nullable(),
  history: historySchema,
  skipped: z.array(skippedSchema).default([]),
});
