/** Step 5: the contrastive fine-tuning. */
import { z } from 'zod';
import { lossSettings } from './losses.js';
import { count, share } from './numbers.js';

export const trainingSchema = z.strictObject({
  method: z
    .enum(['lora', 'full'])
    .default('lora')
    .describe(
      'lora: adapters on a frozen model; full: every weight, embeddings included, at a tenth of the rate or less',
    ),
  layerDecay: z
    .number()
    .positive()
    .max(1)
    .default(1)
    .describe('learning rate of each layer as a share of the one above it, embeddings last (Howard and Ruder, 2018)'),
  epochs: z.number().positive().default(1).describe('times that every training pair is seen; may be a fraction'),
  maxSteps: count().nullable().default(null).describe('optimizer steps; ends training before the epochs do'),
  batches: z
    .enum(['all', 'on-target'])
    .default('all')
    .describe('on-target: only the batches of an epoch that have every role at its share, not those of its left-overs'),
  accumulationSteps: count()
    .default(1)
    .describe('batches whose gradients are averaged into one step; adds no negatives, unlike batches.pairs'),
  learningRate: z.number().positive().max(1).default(2e-3).describe('peak; 2e-4 to 2e-5 is usual for LoRA on 0.5B'),
  schedule: z.enum(['linear', 'cosine', 'constant']).default('linear').describe('after the warm-up'),
  warmupShare: share().default(0.05).describe('share of the steps'),
  weightDecay: z.number().min(0).max(1).default(0.01).describe('decoupled (Loshchilov and Hutter, 2019)'),
  beta1: z.number().min(0).max(0.9999).default(0.9).describe('AdamW: memory of the mean of gradients'),
  beta2: z.number().min(0).max(0.99999).default(0.999).describe('AdamW: memory of the mean of their squares'),
  epsilon: z.number().positive().max(1).default(1e-8).describe('AdamW: added to the root of that mean'),
  maxGradientNorm: z.number().positive().default(1).describe('global L2 norm above which gradients are scaled down'),
  ...lossSettings,
  temperature: z
    .number()
    .positive()
    .max(10)
    .default(0.05)
    .describe('infonce, gist: cosine similarities are divided by it'),
  symmetric: z.boolean().default(true).describe('mean of title-to-abstract and abstract-to-title losses'),
  tokenDropout: z
    .strictObject({
      title: z.number().min(0).max(0.9).default(0),
      abstract: z.number().min(0).max(0.9).default(0),
    })
    .prefault({})
    .describe('probability that a token is left out while training (Iyyer et al., 2015); helps where pairs are few'),
  falseNegativeMargin: z
    .number()
    .min(-1)
    .max(1)
    .nullable()
    .default(null)
    .describe('negatives more similar than the positive plus this margin are left out; null keeps all'),
  matryoshkaDimensions: z
    .array(count())
    .default([])
    .describe(
      'the loss is also taken of these many first dimensions of the embeddings, which may then be truncated to them',
    ),
  negatives: z
    .enum(['all', 'hard'])
    .default('all')
    .describe(
      "all: every other document of the batch, hard negatives among them; hard: a query's own hard negatives alone, in the direction from query to document",
    ),
  hardNegatives: z
    .strictObject({
      file: z.string().min(1).nullable().default(null).describe('as "llm-embedding mine" writes it; null: none'),
      perPair: count().max(64).default(1).describe('documents that a pair brings into its batch as negatives of all'),
    })
    .prefault({}),
  validateEvery: count()
    .nullable()
    .default(10)
    .describe('steps between validations; null validates before the first step and after the last only'),
  patience: count()
    .nullable()
    .default(null)
    .describe('validations in a row without a better one that end training; the best is kept; null: never'),
  maxSkippedSteps: count()
    .default(3)
    .describe('steps in a row whose loss or gradient is not finite that end training; fewer are skipped'),
  checkpoints: z
    .strictObject({
      keep: count().max(100).default(2).describe('states kept, the latest; that of the best validation is kept too'),
      everyMinutes: z
        .number()
        .positive()
        .default(1)
        .describe('between saves; longer where saving would take more than 5 % of the time'),
      everySteps: count().nullable().default(null).describe('between saves, where that is sooner'),
    })
    .prefault({}),
  validationPapers: z
    .number()
    .int()
    .min(2)
    .nullable()
    .default(512)
    .describe('papers of the validation split that a validation looks at; more are sampled down; null: all'),
  adapterStrengths: z
    .array(z.number().min(0).max(1))
    .default([0, 0.25, 0.5, 0.75, 1])
    .describe(
      'shares of what was learned, of which validation chooses one at the end (Wortsman et al., 2022); 0 keeps the encoder as it was; []: all of it, whether it helps or not',
    ),
  memoryBudget: z
    .number()
    .positive()
    .default(2)
    .describe('gigabytes for activations; decides between whole-graph and layerwise plans'),
});
