/**
 * How an encoder is used, in the files of sentence-transformers (https://sbert.net): modules.json, the steps after the
 * transformer, prompts, similarity, longest input. They are those that lib/models/sentence reads.
 */
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere } from '../files/is-there.js';
import { readJsonValue } from '../files/json-file.js';
import type { PoolingName } from '../models/pooling.js';
import type { ExportSource } from './source.js';
import { writeJson } from './transformer-files.js';

/** The flags that every version of sentence-transformers reads. */
const POOLING_FLAGS: Readonly<Record<PoolingName, string>> = {
  cls: 'cls_token',
  mean: 'mean_tokens',
  max: 'max_tokens',
  mean_sqrt_len: 'mean_sqrt_len_tokens',
  weighted_mean: 'weightedmean_tokens',
  last: 'lasttoken',
};

type Sentence = Pick<ExportSource, 'folder' | 'config' | 'sentence' | 'use'>;

export async function writeSentenceFiles(folder: string, source: Sentence): Promise<void> {
  const { config, sentence, use } = source;
  const steps: { type: string; path: string }[] = [{ type: 'Transformer', path: '' }];
  const path = (type: string): string => `${steps.length}_${type}`;
  await writeStep(folder, path('Pooling'), {
    word_embedding_dimension: config.hiddenSize,
    ...Object.fromEntries(
      Object.entries(POOLING_FLAGS).map(([name, flag]) => [`pooling_mode_${flag}`, name === use.pooling]),
    ),
    include_prompt: sentence.includePrompt,
  });
  steps.push({ type: 'Pooling', path: path('Pooling') });
  for (const dense of sentence.dense) {
    const own = path('Dense');
    await cp(join(source.folder, dense.path), join(folder, own), { recursive: true });
    steps.push({ type: 'Dense', path: own });
  }
  if (use.normalize) steps.push({ type: 'Normalize', path: path('Normalize') });
  const modules = steps.map((step, idx) => ({
    idx,
    name: String(idx),
    path: step.path,
    type: `sentence_transformers.models.${step.type}`,
  }));
  await writeJson(folder, 'modules.json', modules);
  await writeJson(folder, 'config_sentence_transformers.json', {
    prompts: use.prompts,
    default_prompt_name: nameOfPrompt(use),
    similarity_fn_name: use.similarity,
  });
  await writeJson(folder, 'sentence_bert_config.json', {
    max_seq_length: use.maxTokens,
    do_lower_case: use.lowerCase,
    ...(await tokenizerArguments(source)),
  });
}

/** Whether a plain transformer, used as one without these files is, gives the same embeddings. */
export function isPlainUse({ sentence, use }: Pick<ExportSource, 'sentence' | 'use'>, maxPositions: number): boolean {
  const noPrompts = Object.values(use.prompts).every((prompt) => prompt === '') && use.defaultPrompt === '';
  const plainSteps = use.pooling === 'mean' && sentence.dense.length === 0 && use.normalize;
  return noPrompts && plainSteps && use.maxTokens === maxPositions && !use.lowerCase && use.similarity === 'cosine';
}

async function writeStep(folder: string, path: string, content: unknown): Promise<void> {
  await mkdir(join(folder, path));
  await writeJson(join(folder, path), 'config.json', content);
}

function nameOfPrompt({ prompts, defaultPrompt }: ExportSource['use']): string | null {
  if (defaultPrompt === '') return null;
  return Object.keys(prompts).find((name) => prompts[name] === defaultPrompt) ?? null;
}

const TOKENIZERS_OF_THEIR_OWN = ['qwen2', 'qwen3'];
/** How the pattern begins by which Qwen2's class splits a text, after no other normalization than NFC. */
const QWEN_SPLIT = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";

/**
 * transformers 5 makes Qwen2's tokenizer anew from vocabulary and merges, and loses what else tokenizer.json says, such as
 * lower case. The type of GLM is one that reads the file as it is, in version 4 as in 5.
 */
async function tokenizerArguments({ folder, config }: Sentence): Promise<Record<string, unknown>> {
  return TOKENIZERS_OF_THEIR_OWN.includes(config.modelType) && !(await isQwenTokenizer(folder))
    ? { tokenizer_args: { tokenizer_type: 'glm' } }
    : {};
}

/** Whether tokenizer.json normalizes, splits and surrounds texts as Qwen2's class does. */
export async function isQwenTokenizer(folder: string): Promise<boolean> {
  const path = join(folder, 'tokenizer.json');
  if (!(await isThere(path))) return true;
  const value = await readJsonValue(path, 'copy or download the model again');
  const { normalizer, pre_tokenizer: splitter } = value as Record<string, { type?: string } | null>;
  return normalizer?.type === 'NFC' && (JSON.stringify(splitter) ?? '').includes(QWEN_SPLIT);
}
