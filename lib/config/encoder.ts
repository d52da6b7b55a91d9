/** Step 4: the model, its pooling, and where LoRA sits. */
import { z } from 'zod';
import { POOLING_NAMES } from '../models/pooling.js';
import { count } from './numbers.js';

export const encoderSchema = z.strictObject({
  model: z
    .string()
    .min(1)
    .default('sample')
    .describe(
      '"sample" or another encoder of this package (lib/hub/resolve-model.ts), a hub id such as Qwen/Qwen2.5-0.5B-Instruct, or a folder',
    ),
  revision: z.string().min(1).default('main').describe('branch, tag or commit on the hub'),
  pooling: z
    .enum(['auto', ...POOLING_NAMES])
    .default('auto')
    .describe('how the last hidden state becomes one vector; auto: as the folder of the model says, else mean'),
  attention: z
    .enum(['auto', 'causal', 'bidirectional'])
    .default('auto')
    .describe("auto follows is_causal of the model's config.json (causal where absent)"),
  queryPrompt: z
    .string()
    .nullable()
    .default(null)
    .describe('text put before every query; null: as the folder of the model says, else none'),
  documentPrompt: z
    .string()
    .nullable()
    .default(null)
    .describe('text put before every document; null: as the folder of the model says, else none'),
  maxTokens: count()
    .max(32768)
    .nullable()
    .default(null)
    .describe(
      'tokens of the longest text, beside the limits of tokens.*; null: as the folder of the model says, else its positions',
    ),
  plan: z
    .enum(['auto', 'whole-graph', 'layerwise', 'distinct-tokens'])
    .default('auto')
    .describe(
      'how the encoder is computed; auto: by the distinct tokens of texts where its weights and adapter allow it, as "sample" with an adapter on o_proj does; else whole-graph, or layerwise where training.memoryBudget has no room for it; distinct-tokens insists on the first',
    ),
  similarity: z
    .enum(['auto', 'cosine'])
    .default('auto')
    .describe('vectors are compared by cosine; auto refuses a model that was trained for another similarity'),
  adapter: z.string().nullable().default(null).describe('folder of a LoRA adapter to start from, as PEFT writes it'),
  lora: z
    .strictObject({
      rank: count().max(1024).default(16).describe('r of Hu et al., 2021 (arXiv:2106.09685)'),
      alpha: z.number().positive().default(32).describe('updates are scaled by alpha / rank'),
      dropout: z
        .number()
        .min(0)
        .max(0.9)
        .default(0)
        .describe('probability, on the input of the adapters while training'),
      targetModules: z
        .union([z.literal('all-linear'), z.array(z.string().min(1)).min(1)], {
          error: 'expected "all-linear" or a list of module names such as ["q_proj", "v_proj"]',
        })
        .default('all-linear')
        .describe("linear modules that get an adapter: all, or some by the names that the model's weights give them"),
      rankStabilized: z.boolean().default(false).describe('scale by alpha / sqrt(rank) (Kalajdzievski, 2023)'),
    })
    .prefault({}),
});
