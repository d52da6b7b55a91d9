/** Hard negatives: which documents qualify; see evaluation/ for the systems that rank them. */
import { z } from 'zod';
import { count, share } from './numbers.js';

export const miningSchema = z
  .strictObject({
    system: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('who mines, named as in evaluation.systems; null: tuned with a run, else untuned'),
    judge: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('whose ranking estimates the share of false negatives; null: bm25, or the encoder where bm25 mines'),
    firstRank: count().default(1).describe("ranks among the documents that are not the query's own"),
    lastRank: count().default(50).describe('inclusive; hard documents are near the top, and so are false negatives'),
    absoluteMargin: z
      .number()
      .min(0)
      .nullable()
      .default(null)
      .describe("a negative scores at least this much below the query's own document; null: any score"),
    relativeMargin: share()
      .nullable()
      .default(0.05)
      .describe("the same as a share of the own document's score; .05 is NV-Retriever's (arXiv:2407.15831)"),
    minScore: z.number().nullable().default(null).describe('negatives of a lower score are not taken; null: no bound'),
    maxScore: z.number().nullable().default(null).describe('negatives of a higher score are not taken; null: no bound'),
    perQuery: count().max(256).default(4).describe('most negatives per query'),
    choice: z.enum(['top', 'random']).default('random').describe('the hardest of those that qualify, or any of them'),
  })
  .refine((mining) => mining.lastRank >= mining.firstRank, {
    message: 'lastRank must not be before firstRank: expected a window of ranks',
  });
