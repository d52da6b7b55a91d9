/**
 * How a sentence-embedding model wants to be used, from the files that sentence-transformers writes beside it:
 *
 *   modules.json                       the steps after the encoder, each with its folder
 *   1_Pooling/config.json              which pooling
 *   2_Dense/config.json                a linear layer after it (dense-step.ts)
 *   config_sentence_transformers.json  prompts by name, similarity
 *   sentence_bert_config.json          longest input, lower case
 *   tokenizer_config.json              longest input, since version 6
 *
 * A folder without modules.json is a plain transformer: mean pooling, no prompts. What a folder asks for and nothing here
 * computes is refused by name. https://sbert.net/docs/package_reference/sentence_transformer/modules.html
 */
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../core/errors.js';
import { isThere } from '../../files/is-there.js';
import type { PoolingName } from '../pooling.js';
import { type DenseStep, readDenseStep } from './dense-step.js';
import { readOptional, refuse } from './folder-file.js';
import { readPoolingStep } from './pooling-step.js';

/** Models may treat the two sides of a search differently, by a prompt before each. */
export type TextKind = 'query' | 'document';

export interface SentenceConfig {
  /** Whether the folder says how it is used; else the rest are the usual defaults. */
  described: boolean;
  pooling: PoolingName;
  /** False: the tokens of a prompt are left out of the pooling. */
  includePrompt: boolean;
  /** Linear layers after the pooling, in order. */
  dense: readonly DenseStep[];
  /** Whether vectors are scaled to length 1. */
  normalize: boolean;
  /** Put before each text of a kind; may be empty. */
  prompts: Readonly<Record<TextKind, string>>;
  /** Put before a text of no particular kind; may be empty. */
  defaultPrompt: string;
  /** All prompts by their names: "query", "document", "classification". */
  namedPrompts: Readonly<Record<string, string>>;
  /** Tokens; null where the model's own limit holds. */
  maxTokens: number | null;
  lowerCase: boolean;
  /** What the vectors were trained to be compared by. */
  similarity: 'cosine' | 'dot' | 'euclidean' | 'manhattan';
}

const modulesSchema = z.array(z.looseObject({ path: z.string(), type: z.string() }));
const promptsSchema = z.looseObject({
  prompts: z.record(z.string(), z.string().nullable()).nullish(),
  default_prompt_name: z.string().nullish(),
  model_type: z.string().nullish(),
  similarity_fn_name: z.enum(['cosine', 'dot', 'euclidean', 'manhattan']).nullish(),
});
const transformerSchema = z.looseObject({
  max_seq_length: z.number().int().min(1).nullish(),
  do_lower_case: z.boolean().nullish(),
  transformer_task: z.string().nullish(),
});
/** Tokenizers without a limit say so by a huge number. */
const NO_LIMIT = 1e6;
const tokenizerSchema = z.looseObject({
  model_max_length: z
    .number()
    .refine((limit) => limit >= NO_LIMIT || (Number.isInteger(limit) && limit >= 1), 'expected a whole number from 1')
    .nullish(),
});

/** Names that earlier versions gave the file, after the model that it configures. */
const TRANSFORMER_FILES = ['bert', 'roberta', 'distilbert', 'camembert', 'albert', 'xlm-roberta', 'xlnet'].map(
  (model) => `sentence_${model}_config.json`,
);
/**
 * Reads the configuration of a model folder.
 *
 * @throws UserError for a file that cannot be read, or a step that is not supported, by its name
 */
export async function readSentenceConfig(folder: string): Promise<SentenceConfig> {
  // transformers and sentence-transformers would load the adapter too, and it changes every vector
  if (await isThere(join(folder, 'adapter_config.json'))) {
    throw new UserError(
      `${folder} has an adapter (adapter_config.json) beside its weights: merge it with PEFT, or move the files of the adapter into a folder of their own and give that with --adapter`,
    );
  }
  const modules = await readOptional(folder, 'modules.json', modulesSchema);
  return {
    described: modules !== null,
    ...(await readSteps(folder, modules ?? [])),
    ...(await readPrompts(folder)),
    ...(await readTransformer(folder, modules !== null)),
  };
}

type Steps = Pick<SentenceConfig, 'pooling' | 'includePrompt' | 'dense' | 'normalize'>;

async function readSteps(folder: string, modules: z.infer<typeof modulesSchema>): Promise<Steps> {
  const steps: Steps & { dense: DenseStep[] } = { pooling: 'mean', includePrompt: true, dense: [], normalize: false };
  const expected = ['Transformer', 'Pooling', 'Dense', 'Normalize'];
  let last = -1;
  for (const { type, path } of modules) {
    const step = type.split('.').at(-1) as string;
    if (!type.startsWith('sentence_transformers.')) {
      refuse(
        join(folder, 'modules.json'),
        `the step "${type}", which is code of the model's own,`,
        'steps of sentence-transformers',
      );
    }
    const place = expected.indexOf(step);
    if (place < 0) refuse(join(folder, 'modules.json'), `the step "${step}"`, `steps among ${expected.join(', ')}`);
    if (place < last || (place === last && step !== 'Dense')) {
      refuse(join(folder, 'modules.json'), `${step} after ${expected[last]}`, `the order ${expected.join(', ')}`);
    }
    last = place;
    if (!/^([\w-][\w.-]*)?$/.test(path))
      refuse(join(folder, 'modules.json'), `the path "${path}"`, 'a folder beside it');
    if (step === 'Pooling') Object.assign(steps, await readPoolingStep(folder, path));
    else if (step === 'Dense') steps.dense.push(await readDenseStep(folder, path));
    else if (step === 'Normalize') steps.normalize = true;
    else if (path !== '') refuse(join(folder, 'modules.json'), `a Transformer in the folder "${path}"`, 'it beside it');
  }
  return steps;
}

async function readPrompts(folder: string) {
  const file = await readOptional(folder, 'config_sentence_transformers.json', promptsSchema);
  const path = join(folder, 'config_sentence_transformers.json');
  const kind = file?.model_type ?? 'SentenceTransformer';
  if (kind !== 'SentenceTransformer') refuse(path, `model_type = "${kind}"`, '"SentenceTransformer"');
  // names come from the file, and "constructor" is one like any other
  const named = Object.create(null) as Record<string, string>;
  for (const [name, text] of Object.entries(file?.prompts ?? {})) named[name] = text ?? '';
  const byDefault = file?.default_prompt_name ?? '';
  if (byDefault !== '' && named[byDefault] === undefined) {
    refuse(
      path,
      `default_prompt_name = "${byDefault}"`,
      `one of its prompts (${Object.keys(named).join(', ') || 'it has none'})`,
    );
  }
  const defaultPrompt = named[byDefault] ?? '';
  const first = (...names: string[]): string => {
    const name = names.find((each) => named[each] !== undefined);
    return name === undefined ? defaultPrompt : (named[name] as string);
  };
  return {
    prompts: { query: first('query'), document: first('document', 'passage', 'corpus') },
    defaultPrompt,
    namedPrompts: named,
    similarity: file?.similarity_fn_name ?? ('cosine' as const),
  };
}

async function readTransformer(folder: string, described: boolean) {
  let file: z.infer<typeof transformerSchema> | null = null;
  for (const name of TRANSFORMER_FILES) file ??= await readOptional(folder, name, transformerSchema);
  for (const key of ['query_length', 'document_length', 'query_expansion', 'processing_kwargs']) {
    const value = file?.[key];
    const isUnset = value == null || value === false || (typeof value === 'object' && Object.keys(value).length === 0);
    if (!isUnset) {
      refuse(join(folder, 'sentence_bert_config.json'), `${key} = ${JSON.stringify(value)}`, 'none');
    }
  }
  const task = file?.transformer_task ?? 'feature-extraction';
  if (task !== 'feature-extraction') {
    refuse(join(folder, 'sentence_bert_config.json'), `transformer_task = "${task}"`, '"feature-extraction"');
  }
  let maxTokens = file?.max_seq_length ?? null;
  if (maxTokens === null && described) {
    const tokenizer = await readOptional(folder, 'tokenizer_config.json', tokenizerSchema);
    const limit = tokenizer?.model_max_length ?? NO_LIMIT;
    if (limit < NO_LIMIT) maxTokens = limit;
  }
  return { maxTokens, lowerCase: file?.do_lower_case ?? false };
}
