/** `llm-embedding pretrain`: the small encoders that come with the package. */
import { z } from 'zod';
import { count, share } from './numbers.js';

export const pretrainingSchema = z
  .strictObject({
    excludedTopics: z
      .array(z.string().min(1))
      .default([])
      .describe('arXiv categories or archives whose papers (by primary category) the encoder never sees'),
    vocabularySize: count().min(300).max(65536).default(4096).describe('tokens of the byte-level BPE'),
    contentSize: count().default(1087).describe('trained dimensions of a token vector'),
    hiddenSize: count()
      .default(1136)
      .describe('width of the model: content, 42 dimensions of token codes, 6 of constants'),
    attentionHeads: count().default(8).describe('each carries its part of the content'),
    intermediateSize: count().default(32).describe('width of the feed-forward block, which starts as zero'),
    stopTokens: z
      .number()
      .int()
      .min(1)
      .default(25)
      .describe('most frequent tokens, by which attention measures length'),
    cooccurrence: z.number().min(0).default(1).describe('weight of the direction from latent semantic analysis'),
    random: z.number().min(0).default(0.6).describe('weight of the random direction, which keeps tokens apart'),
    idfExponent: z.number().min(0).default(0.7).describe('length of a token vector is its idf to this power'),
    saturation: z
      .strictObject({
        base: z.number().positive().default(0.38),
        perToken: z.number().positive().default(0.0145),
      })
      .prefault({})
      .describe(
        'while training a token that occurs tf times counts tf K / (tf + K) times, K = base + perToken x tokens of the text',
      ),
    layerSaturation: z
      .strictObject({
        base: z.number().positive().default(0.5),
        perToken: z.number().positive().default(0.011),
      })
      .prefault({})
      .describe('the same of the finished encoder, which sees whole texts'),
    phases: z
      .array(
        z.strictObject({
          epochs: count(),
          pairs: z.number().int().min(2).describe('title-abstract pairs per batch'),
          hardNegatives: z.number().int().min(0).default(0).describe('foreign abstracts a title, of its best by BM25'),
          learningRate: z.number().positive().max(1).describe('peak'),
        }),
      )
      .min(1)
      .default([
        { epochs: 24, pairs: 1024, hardNegatives: 0, learningRate: 1e-2 },
        { epochs: 8, pairs: 768, hardNegatives: 2, learningRate: 4e-3 },
      ])
      .describe('one after the other; hard negatives from the start hurt'),
    minedNegatives: count().default(40).describe('abstracts kept a title, of which each step draws'),
    titleDropout: share().max(0.95).default(0.2).describe("share of a title's tokens that a step leaves out"),
    abstractDropout: share().max(0.95).default(0.6).describe("share of an abstract's tokens that a step leaves out"),
    clozePairs: z.number().int().min(0).default(256).describe('pieces of abstracts a step, to find the rest (ICT)'),
    clozeWeight: z.number().min(0).default(0.2).describe('weight of their loss'),
    temperature: z.number().positive().max(10).default(0.04),
    warmupShare: share().default(0.05).describe('share of the steps of a phase; then a line to zero'),
    averagedShare: share().default(0.3).describe('last share of the steps of a phase whose weights are averaged'),
    validateEvery: count().default(50).describe('steps; the state is saved as often'),
    validationPapers: z.number().int().min(2).default(2000).describe('papers of the validation split'),
    testPapers: z
      .number()
      .int()
      .min(2)
      .default(2000)
      .describe('papers of the test split that the model card reports on'),
  })
  .describe('defaults: found on validation papers of 37,812 arXiv records');
