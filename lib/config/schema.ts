/** All sections of the configuration as one schema: default, unit, bounds, and where a default comes from. */
import { z } from 'zod';
import { ENGINE_NAMES } from '../engine/registry.js';
import { batchesSchema } from './batches.js';
import { datasetsSchema } from './datasets.js';
import { encoderSchema } from './encoder.js';
import { evaluationSchema } from './evaluation.js';
import type { FieldName } from './fields.js';
import { miningSchema } from './mining.js';
import { seed } from './numbers.js';
import { pretrainingSchema } from './pretraining.js';
import { tokensSchema } from './tokens.js';
import { trainingSchema } from './training.js';

export const configSchema = z.strictObject({
  seed: seed().default(42).describe('of everything random'),
  engine: z
    .enum(['auto', ...ENGINE_NAMES])
    .default('auto')
    .describe('what computes; auto: the fastest that works'),
  precision: z
    .enum(['auto', 'float32', 'bfloat16', 'float16', 'int8'])
    .default('auto')
    .describe(
      'bfloat16: activations and frozen weights, engine tensorflow; float16: products with frozen weights, engine onnx with another provider than cpu; int8: products with frozen weights, engine onnx on a CPU, tried on texts of the run first; auto: bfloat16 on a GPU of the engine tensorflow, else float32',
    ),
  provider: z
    .enum(['cpu', 'cuda', 'webgpu'])
    .default('cpu')
    .describe('execution provider of the engine onnx; the others leave to the CPU what they cannot run'),
  threads: z.number().int().min(0).default(0).describe('threads of the engine; 0: as many as the machine has cores'),
  cache: z
    .string()
    .min(1)
    .default('data/cache')
    .describe('folder of embeddings, downloads and token ids; safe to delete'),
  datasets: datasetsSchema.prefault({}),
  tokens: tokensSchema.prefault({}),
  batches: batchesSchema.prefault({}),
  encoder: encoderSchema.prefault({}),
  training: trainingSchema.prefault({}),
  mining: miningSchema.prefault({}),
  evaluation: evaluationSchema.prefault({}),
  pretraining: pretrainingSchema.prefault({}),
});

/** The complete, validated configuration of a run. */
export interface Config extends z.infer<typeof configSchema> {}
type Written = z.input<typeof configSchema>;

/** What a user writes: any part of {@link Config}. */
export interface ConfigInput extends Omit<Written, 'datasets'> {
  datasets?: Written['datasets'] & {
    /** Sets all categories, those of roles that are written beside it excepted; null leaves them as they are. */
    field?: FieldName | null;
  };
}
