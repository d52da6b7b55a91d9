/** What training minimizes, and the options of each loss; the losses themselves are in lib/losses, one a file. */
import { z } from 'zod';

/** Names of the losses, as `training.loss` takes them. */
export const LOSS_NAMES = [
  'infonce',
  'gist',
  'margin-mse',
  'distill-scores',
  'distill-vectors',
  'cosent',
  'angle',
] as const;
export type LossName = (typeof LOSS_NAMES)[number];

const similarity = () => z.enum(['cosine', 'dot']).default('cosine');
const temperature = () => z.number().positive().max(100);

/** The settings of losses, as part of the section `training`. */
export const lossSettings = {
  loss: z
    .enum(LOSS_NAMES)
    .default('infonce')
    .describe(
      'infonce: contrastive; gist: the same, false negatives masked by a teacher; margin-mse, distill-scores, distill-vectors: from a teacher; cosent, angle: pairs with scores',
    ),
  teacher: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('who guides or teaches, named as in evaluation.systems: a hub id, a folder, bm25, openai, untuned, A+B'),
  gist: z
    .strictObject({
      marginStrategy: z
        .enum(['absolute', 'relative'])
        .default('absolute')
        .describe('negatives above the score of the own document less margin, or less margin times it, are left out'),
      margin: z.number().min(-1).max(1).default(0).describe("in the teacher's cosine; .05 with relative is usual"),
      contrastQueries: z.boolean().default(true).describe('other queries are negatives too'),
      contrastDocuments: z.boolean().default(true).describe('the own document is held apart from other documents too'),
    })
    .prefault({}),
  marginMse: z
    .strictObject({
      similarity: similarity().describe('of the trained encoder; dot is that of the paper'),
      teacherScale: z
        .number()
        .positive()
        .default(1)
        .describe("the teacher's scores are multiplied by it; cosines reach margins of 2 at most"),
    })
    .prefault({}),
  distillScores: z
    .strictObject({
      similarity: similarity().describe('of the trained encoder'),
      temperature: temperature().default(0.05).describe("the encoder's scores are divided by it"),
      teacherTemperature: temperature()
        .nullable()
        .default(null)
        .describe("the teacher's scores are divided by it; null: the same; about 5 suits bm25"),
    })
    .prefault({}),
  distillVectors: z
    .strictObject({
      distance: z.enum(['mse', 'l2', 'cosine']).default('mse'),
      normalize: z.boolean().default(true).describe('both vectors are scaled to length 1 first'),
    })
    .prefault({}),
  cosent: z
    .strictObject({ scale: z.number().positive().max(1000).default(20).describe('cosines are multiplied by it') })
    .prefault({}),
  angle: z
    .strictObject({ scale: z.number().positive().max(1000).default(20).describe('similarities are multiplied by it') })
    .prefault({}),
};

const SCORED: readonly LossName[] = ['cosent', 'angle'];

/** Whether a loss learns from every pair by its score, also from those that are not relevant. */
export function isScoredLoss(loss: LossName): boolean {
  return SCORED.includes(loss);
}
