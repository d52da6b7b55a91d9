/** Step 1: which papers, from where, cleaned and split how. */
import { z } from 'zod';
import { dataSetSchema, pairColumnsSchema } from './data-sets.js';
import { fieldCategories } from './fields.js';
import { ROLES } from './names.js';
import { count, seed, share } from './numbers.js';

export const datasetsSchema = z
  .strictObject({
    source: z
      .string()
      .min(1)
      .default('sample')
      .describe(
        '"sample", "arxiv", or a path: a metadata snapshot, your own texts or pairs (CSV, TSV, JSON lines, Parquet, a folder of them), or a BEIR folder',
      ),
    sets: z
      .array(dataSetSchema)
      .default([])
      .describe('several data sets in one run, each with its source; they take the place of datasets.source'),
    kind: z
      .enum(['auto', 'papers', 'pairs'])
      .default('auto')
      .describe(
        'papers: a title and a text a row; pairs: a query and what answers it; auto: as the columns or the folder say',
      ),
    pairColumns: pairColumnsSchema,
    minScore: z
      .number()
      .nullable()
      .default(null)
      .describe(
        'score from which a pair counts as relevant; null: 1 where all scores are whole numbers, such as grades',
      ),
    maxNegatives: z
      .number()
      .int()
      .min(0)
      .nullable()
      .default(null)
      .describe('negatives of the data that a pair brings into its batch, others in each epoch; null: all'),
    leaks: z
      .enum(['drop', 'keep'])
      .default('drop')
      .describe(
        'what becomes of training pairs whose query or document the data also have on the validation or test side',
      ),
    categories: z
      .partialRecord(z.enum(ROLES), z.array(z.string().min(1)))
      .default(() => fieldCategories('gr-qc'))
      .describe(
        'arXiv categories by role; an archive such as "q-bio" stands for all its categories. datasets.field sets them in one word',
      ),
    maxPerCategory: count().nullable().default(null).describe('papers kept of each topic; null keeps all'),
    seed: seed()
      .nullable()
      .default(null)
      .describe('draws the papers that maxPerCategory and balance keep; null: as the seed of everything else'),
    balance: z
      .enum(['proportional', 'balanced'])
      .default('proportional')
      .describe('balanced: every topic gets as many papers as the smallest'),
    minAbstractWords: z.number().int().min(0).default(20).describe('words; shorter abstracts are dropped'),
    englishOnly: z.boolean().default(true).describe('abstracts in other languages are dropped'),
    columns: z
      .strictObject({
        id: z.string().nullable().default(null),
        title: z.string().min(1).default('title'),
        text: z.string().nullable().default(null),
        topic: z.string().nullable().default(null),
        published: z.string().nullable().default(null),
      })
      .prefault({})
      .describe(
        'columns of your own CSV or JSONL corpus; without names: id or _id, title, abstract or text, topic or category, published or date',
      ),
    split: z
      .strictObject({
        method: z.enum(['hash', 'time']).default('hash'),
        testFrom: z.iso.date().nullable().default(null),
      })
      .prefault({})
      .describe(
        'hash (of the title, so that a paper and its comment stay together), or time: papers from testFrom on (YYYY-MM-DD) are tested, the honest choice for a base model that may have read older ones',
      ),
    validationShare: share().default(0.1).describe('share of the papers, by hash'),
    testShare: share().default(0.2).describe('share of the papers, by hash'),
    strict: z.boolean().default(false).describe('a malformed line ends the reading instead of being counted'),
  })
  .refine((d) => d.validationShare + d.testShare < 1, {
    message: 'validationShare + testShare must leave papers to train on: expected a sum below 1',
  });

/** Whether the papers are those of the corpus that comes with the package. */
export function isSampleCorpus({ source, sets }: Pick<z.infer<typeof datasetsSchema>, 'source' | 'sets'>): boolean {
  return source === 'sample' && sets.length === 0;
}
