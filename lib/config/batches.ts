/** Step 3: batches of pairs by category, under a token budget. */
import { z } from 'zod';
import { count, share } from './numbers.js';

export const batchesSchema = z.strictObject({
  pairs: z
    .number()
    .int()
    .min(2)
    .default(128)
    .describe('title-abstract pairs per batch: every other abstract of the batch is a negative (InfoNCE)'),
  tokenBudget: count()
    .default(4096)
    .describe(
      'tokens of a micro-batch, padding included; bounds memory, not the loss; a GPU takes more where its memory allows, a CPU in int8 what its cache has room for',
    ),
  sets: z
    .enum(['mixed', 'separate'])
    .default('mixed')
    .describe('with several data sets: mixed in each batch, or each batch of one of them'),
  setOrder: z
    .enum(['shares', 'round-robin'])
    .default('shares')
    .describe('shares: as datasets.sets say, else as many pairs as each has; round-robin: all sets alike'),
  shares: z
    .strictObject({
      main: share().default(0.5),
      soft: share().default(0.2),
      hard: share().default(0.15),
      'cross-domain': share().default(0.1),
      different: share().default(0.05),
    })
    .prefault({})
    .describe('target share of each role in a batch; renormalised over the roles that the data has'),
});
