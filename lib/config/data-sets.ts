/** Step 1 for pairs of one's own: which columns hold what, which pairs are relevant, and several data sets in one run. */
import { z } from 'zod';

const column = () => z.string().min(1).nullable().default(null);

/** Columns of files of pairs; what is not named is found by convention (datasets/pairs/columns.ts). */
export const pairColumnsSchema = z
  .strictObject({
    query: column(),
    positive: column(),
    negatives: z
      .array(z.string().min(1))
      .nullable()
      .default(null)
      .describe('one column with lists, or several columns; null: by convention, []: none'),
    score: column(),
    split: column(),
    queryId: column(),
    documentId: column(),
  })
  .prefault({})
  .describe('columns of your own pairs; null: by convention, such as anchor, positive and negative');

const prompt = () => z.string().nullable().default(null);

export const dataSetSchema = z.strictObject({
  source: z.string().min(1).describe('as datasets.source'),
  name: z.string().min(1).nullable().default(null).describe("null: the name of the source's file or folder"),
  share: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('share of the pairs of a batch, or of the batches; null, for all sets: as many as they have'),
  queryPrompt: prompt().describe('put before its queries; null: as encoder.queryPrompt'),
  documentPrompt: prompt().describe('put before its documents; null: as encoder.documentPrompt'),
  columns: pairColumnsSchema,
  minScore: z.number().nullable().default(null).describe('null: as datasets.minScore'),
});

/** One of the data sets of a run. */
export type DataSetSettings = z.infer<typeof dataSetSchema>;
