/**
 * Every hyperparameter of the experiment in one place: default, unit, bounds, and where the default comes from.
 * Sections follow the six steps. `resolveConfig` merges preset, file and `path.to.key=value` settings and validates;
 * an unknown key names the nearest known one.
 */
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { UserError } from './errors.js';

/** The five parts a topic can play, from the searched-for field to fields that share no vocabulary with it. */
export const ROLES = ['main', 'soft', 'hard', 'cross-domain', 'different'] as const;
export type Role = (typeof ROLES)[number];

/** The seven linear layers of a Qwen2 block that LoRA can adapt, by their names in the checkpoint. */
export const LINEAR_MODULES = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;
export type LinearModule = (typeof LINEAR_MODULES)[number];

const share = () => z.number().min(0).max(1);
const count = () => z.number().int().min(1);

const datasetsSchema = z
  .strictObject({
    source: z
      .string()
      .min(1)
      .default('sample')
      .describe('"sample", "arxiv", or a path: a metadata snapshot, your own CSV or JSON lines, or a BEIR folder'),
    categories: z
      .partialRecord(z.enum(ROLES), z.array(z.string().min(1)))
      .default({
        main: ['gr-qc'],
        soft: ['hep-th', 'astro-ph.CO'],
        hard: ['math-ph', 'cond-mat.stat-mech'],
        'cross-domain': ['cs.LG', 'cs.AI', 'stat.ML'],
        different: ['q-bio'],
      })
      .describe('arXiv categories by role; an archive such as "q-bio" stands for all its categories'),
    maxPerCategory: count().nullable().default(null).describe('papers kept of each topic; null keeps all'),
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
      .describe('columns of your own CSV or JSONL corpus'),
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

const tokensSchema = z.strictObject({
  maxTitleTokens: count().max(32768).default(64).describe('tokens; p99 of arXiv titles is about 40'),
  maxAbstractTokens: count().max(32768).default(512).describe('tokens; p99 of arXiv abstracts is 421 Qwen2.5 tokens'),
});

const batchesSchema = z.strictObject({
  pairs: z
    .number()
    .int()
    .min(2)
    .default(128)
    .describe('title-abstract pairs a batch: every other abstract of the batch is a negative (InfoNCE)'),
  tokenBudget: count()
    .default(4096)
    .describe(
      'tokens of a micro-batch, padding included; bounds memory, not the loss; a GPU takes more where its memory allows',
    ),
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

const encoderSchema = z.strictObject({
  model: z
    .string()
    .min(1)
    .default('sample')
    .describe(
      '"sample" or another encoder of this package (lib/model-folder.ts), a hub id such as Qwen/Qwen2.5-0.5B-Instruct, or a folder',
    ),
  revision: z.string().min(1).default('main').describe('branch, tag or commit on the hub'),
  pooling: z.enum(['mean', 'last', 'cls']).default('mean').describe('how the last hidden state becomes one vector'),
  attention: z
    .enum(['auto', 'causal', 'bidirectional'])
    .default('auto')
    .describe("auto follows is_causal of the model's config.json (causal where absent)"),
  queryPrompt: z.string().default('').describe('text put before every query; the corpus gets none'),
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
        .array(z.enum(LINEAR_MODULES))
        .min(1)
        .default([...LINEAR_MODULES]),
      rankStabilized: z.boolean().default(false).describe('scale by alpha / sqrt(rank) (Kalajdzievski, 2023)'),
    })
    .prefault({}),
});

const trainingSchema = z.strictObject({
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
  epochs: z.number().positive().default(1),
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
  beta1: z.number().min(0).max(0.9999).default(0.9),
  beta2: z.number().min(0).max(0.99999).default(0.999),
  epsilon: z.number().positive().max(1).default(1e-8),
  maxGradientNorm: z.number().positive().default(1).describe('global L2 norm above which gradients are scaled down'),
  temperature: z.number().positive().max(10).default(0.05).describe('cosine similarities are divided by it'),
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
    .describe('the loss is also taken of the first so many numbers of the embeddings, which may then be cut to them'),
  hardNegatives: z
    .strictObject({
      file: z.string().min(1).nullable().default(null).describe('as "llm-embedding mine" writes it; null: none'),
      perPair: count().max(64).default(1).describe('documents that a pair brings into its batch as negatives of all'),
    })
    .prefault({}),
  validateEvery: count().nullable().default(10).describe('steps between validations; null validates at the end only'),
  validationPapers: z
    .number()
    .int()
    .min(2)
    .default(512)
    .describe('papers of the validation side that a validation looks at; more are sampled down'),
  memoryBudget: z
    .number()
    .positive()
    .default(2)
    .describe('gigabytes for activations; decides between whole-graph and layer-granular plans'),
});

const miningSchema = z
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
    minScore: z.number().nullable().default(null),
    maxScore: z.number().nullable().default(null),
    perQuery: count().max(256).default(4).describe('negatives a query at most'),
    choice: z.enum(['top', 'random']).default('random').describe('the hardest of those that qualify, or any of them'),
  })
  .refine((mining) => mining.lastRank >= mining.firstRank, {
    message: 'lastRank must not be before firstRank: expected a window of ranks',
  });

const evaluationSchema = z.strictObject({
  systems: z
    .array(z.string().min(1))
    .min(1)
    .default(['untuned', 'tuned', 'bm25', 'openai'])
    .describe('untuned, tuned, bm25, openai, hybrid, A+B, a hub id or a folder'),
  split: z
    .enum(['test', 'validation'])
    .default('test')
    .describe('side that is searched and asked about; choose hyperparameters on validation, report on test'),
  queries: z
    .enum(['main', 'all'])
    .default('main')
    .describe('whose titles are the queries: of the main topic, or all; the corpus always holds every test abstract'),
  metrics: z
    .array(
      z
        .string()
        .regex(
          /^((recall|precision|mrr|ndcg|ndcg-exp|map|success|ragas-recall|ragas-precision)@[1-9][0-9]{0,8}|rprecision)$/,
          'expected a metric such as recall@10; docs/metrics.md lists them',
        ),
    )
    .min(1)
    .default([
      'success@1',
      'mrr@10',
      'ndcg@10',
      'recall@1',
      'recall@5',
      'recall@10',
      'recall@50',
      'precision@1',
      'precision@10',
    ])
    .describe('names as in the report; docs/metrics.md defines them'),
  bootstrapSamples: z.number().int().min(100).default(2000).describe('resamples for the 95 % intervals'),
  index: z.enum(['flat', 'hnsw', 'ivf', 'pq']).default('flat').describe('flat is exact'),
  dimensions: z
    .array(count())
    .nullable()
    .default(null)
    .describe(
      'embeddings are also evaluated cut to their first so many numbers; null: to a half, a quarter and an eighth; [] leaves it out',
    ),
  bm25: z
    .strictObject({
      k1: z.number().min(0).max(100).nullable().default(null).describe('saturation of the term frequency'),
      b: share().nullable().default(null).describe('how much long documents are held back'),
    })
    .prefault({})
    .describe(
      "null: 1.2 and 0.75, the stronger ones on titles; on BEIR folders 0.9 and 0.4, those of Anserini's baselines",
    ),
  openaiBaseUrl: z
    .url()
    .nullable()
    .default(null)
    .describe('another service with the same API; null: OPENAI_BASE_URL, or OpenAI'),
  openaiModel: z.string().min(1).default('text-embedding-3-small'),
  openaiDimensions: count().nullable().default(null).describe('null: all that the model has'),
  openaiCostLimit: z.number().min(0).default(1).describe('US dollars; an estimate above it asks before it spends'),
});

const pretrainingSchema = z
  .strictObject({
    excludedTopics: z
      .array(z.string().min(1))
      .default([])
      .describe('arXiv categories or archives whose papers (by primary category) the encoder never sees'),
    vocabularySize: count().min(300).max(65536).default(8192).describe('tokens of the byte-level BPE'),
    contentSize: count().default(431).describe('trained dimensions of a token vector'),
    hiddenSize: count()
      .default(480)
      .describe('width of the model: content, 46 dimensions of token codes, 3 of constants'),
    attentionHeads: count().default(6).describe('each carries its part of the content'),
    intermediateSize: count().default(64).describe('width of the feed-forward block, which starts as zero'),
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
        'while training a token that occurs tf times counts tf K / (tf + K) times, K = base + perToken x tokens of the text; the finished encoder has a multiple chosen on validation papers',
      ),
    phases: z
      .array(
        z.strictObject({
          epochs: count(),
          pairs: z.number().int().min(2).describe('title-abstract pairs a batch'),
          hardNegatives: z.number().int().min(0).default(0).describe('foreign abstracts a title, of its best by BM25'),
          learningRate: z.number().positive().max(1).describe('peak'),
        }),
      )
      .min(1)
      .default([
        { epochs: 40, pairs: 1024, hardNegatives: 0, learningRate: 1e-2 },
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
    validationPapers: z.number().int().min(2).default(2000).describe('papers of the validation side'),
    testPapers: z
      .number()
      .int()
      .min(2)
      .default(2000)
      .describe('papers of the test side that the model card reports on'),
  })
  .describe('defaults: found on validation papers of 37,812 arXiv records');

export const configSchema = z.strictObject({
  seed: z.number().int().min(0).max(0xffffffff).default(42),
  engine: z.enum(['auto', 'onnx', 'tensorflow', 'wasm']).default('auto'),
  precision: z
    .enum(['auto', 'float32', 'bfloat16'])
    .default('auto')
    .describe(
      'of activations and frozen weights; bfloat16 on the engine tensorflow only; auto: bfloat16 on its GPU, else float32',
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
/** What a user writes: any part of {@link Config}. */
export interface ConfigInput extends z.input<typeof configSchema> {}

/** Named starting points; settings on top of them win. */
export const PRESETS: Record<string, ConfigInput> = {
  // The embedded corpus, and of the embedded encoders the one that has not learned to retrieve, so that there is something
  // to see: about two minutes on two cores. All titles are queries, since the main topic alone has too few to tell.
  sample: {
    encoder: { model: 'sample-base' },
    tokens: { maxTitleTokens: 64, maxAbstractTokens: 256 },
    // four epochs of the embedded corpus; of a larger one as many pairs, which is where the small encoders have learned most
    training: { epochs: 4, maxSteps: 72, learningRate: 2e-3 },
    evaluation: { queries: 'all' },
  },
  // The reference experiment: LoRA on Qwen2.5-0.5B-Instruct, made for a GPU or a patient CPU.
  'qwen2.5-0.5b': {
    encoder: { model: 'Qwen/Qwen2.5-0.5B-Instruct' },
    tokens: { maxTitleTokens: 64, maxAbstractTokens: 512 },
    batches: { pairs: 256, tokenBudget: 8192 },
    training: { learningRate: 1e-4, warmupShare: 0.1, validateEvery: 25 },
  },
};

/**
 * Builds the configuration of a run from a preset, a partial configuration and single settings, in rising priority.
 *
 * @param settings `path.to.key=value` strings; the value is read as JSON, and as a plain string where it isn't JSON
 * @throws UserError naming the key, the value, what was expected, and the nearest known key of a misspelt one
 */
export function resolveConfig(options: { preset?: string; input?: unknown; settings?: string[] } = {}): Config {
  const preset = options.preset ?? 'sample';
  const base = PRESETS[preset];
  if (!base) {
    throw new UserError(
      `unknown preset "${preset}": expected ${Object.keys(PRESETS).join(' or ')}${suggestion(preset, Object.keys(PRESETS))}`,
    );
  }
  if (options.input !== undefined && !isRecord(options.input)) {
    throw new UserError(`the configuration must be a JSON object, got ${JSON.stringify(options.input)}`);
  }
  const merged = mergeSettings(mergeSettings({}, base), options.input ?? {});
  for (const setting of options.settings ?? []) applySetting(merged, setting);
  const result = configSchema.safeParse(merged);
  if (!result.success) throw new UserError(explain(result.error, merged));
  return result.data;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Deep merge; arrays and the table of categories are replaced whole, since half of a list has no meaning. */
export function mergeSettings(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const out = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = out[key];
    out[key] = isRecord(value) && isRecord(old) && key !== 'categories' ? mergeSettings(old, value) : value;
  }
  return out;
}

function applySetting(target: Record<string, unknown>, setting: string): void {
  const equals = setting.indexOf('=');
  if (equals < 1) throw new UserError(`--set "${setting}": expected path.to.key=value, such as training.epochs=2`);
  const path = setting.slice(0, equals).trim().split('.');
  const text = setting.slice(equals + 1).trim();
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // not JSON: a number such as .05, or the text itself, so that --set datasets.source=sample needs no quotes
    if (/^[+-]?\.\d+(e[+-]?\d+)?$/i.test(text)) value = Number(text);
  }
  let node = target;
  for (const key of path.slice(0, -1)) {
    const next = node[key];
    node[key] = isRecord(next) ? { ...next } : {};
    node = node[key] as Record<string, unknown>;
  }
  node[path.at(-1) as string] = value;
}

/** One line for the first problem: where, what was there, what was expected. */
function explain(error: z.ZodError, input: unknown): string {
  const issue = error.issues[0];
  if (!issue) return error.message;
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = keysAt(path);
    return `unknown setting "${[...path, key].join('.')}"${suggestion(key, known)}; known here: ${known.join(', ')}`;
  }
  let value = input;
  for (const key of path)
    value = isRecord(value) || Array.isArray(value) ? (value as Record<string, unknown>)[key] : undefined;
  return `${path.join('.') || 'configuration'} = ${JSON.stringify(value)}: ${issue.message.replace(/^Invalid input: /, '').replace(/^Invalid option: /, '')}`;
}

function keysAt(path: string[]): string[] {
  let node: unknown = configSchema.parse({});
  for (const key of path) node = isRecord(node) ? node[key] : undefined;
  return isRecord(node) ? Object.keys(node) : [];
}

function suggestion(word: string, known: string[]): string {
  const nearest = [...known].sort((a, b) => distance(word, a) - distance(word, b))[0];
  return nearest && distance(word, nearest) <= Math.max(2, word.length / 2) ? `; did you mean "${nearest}"?` : '';
}
