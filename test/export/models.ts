/** The tiny models of the fixtures as whole folders, with a tokenizer, and what `encode` makes of texts with them. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type Config, resolveConfig } from '../../lib/config/config.js';
import { readAdapter, writeAdapter } from '../../lib/encoder/adapter-files.js';
import { embedTexts } from '../../lib/encoder/embed-texts.js';
import { createEncoder, type EncoderOptions } from '../../lib/encoder/encoder.js';
import { createOnnxEngine } from '../../lib/engine/onnx/engine.js';
import type { Engine } from '../../lib/engine/types.js';
import { loadBaseModel } from '../../lib/models/base-model.js';
import { readModelConfig } from '../../lib/models/model-config.js';
import type { PoolingName } from '../../lib/models/pooling.js';
import { openStepResults, type StepResults } from '../../lib/pipeline/step-results.js';
import { randomAdapter } from '../encoder/tiny-models.js';

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));
const FOLDERS: Readonly<Record<string, string>> = {
  bert: 'architectures/bert',
  roberta: 'architectures/roberta',
  mpnet: 'architectures/mpnet',
  modernbert: 'architectures/modernbert',
  qwen2: 'qwen2/model-bf16',
  qwen3: 'encoder/qwen3-sharded',
};
export const ARCHITECTURES = Object.keys(FOLDERS);

/** What the tests of a file export with and into; gone when they are done. */
export function workplace(name: string): { root: string; results: StepResults; engine: Engine } {
  const root = mkdtempSync(join(tmpdir(), `export-${name}-`));
  const results = openStepResults();
  const engine = createOnnxEngine({ threads: 1 });
  afterAll(async () => {
    await engine.close();
    await results.close();
    rmSync(root, { recursive: true });
  });
  return { root, results, engine };
}

const WORDS = ['black', 'hole', 'wave', 'field', 'of', 'the', 'star', 'dark', 'merger', 'spin'];
export const TEXTS = [
  'Black hole merger',
  'the spin of the dark star',
  'wave',
  'field of the black star and unknown words of the field',
];

/** A folder with the weights of a fixture and a tokenizer of ten words. */
export async function modelFolder(name: string, folder: string): Promise<string> {
  const from = join(FIXTURES, FOLDERS[name] as string);
  mkdirSync(folder, { recursive: true });
  cpSync(from, folder, { recursive: true, filter: (path) => !/expected|adapter|config\.v4|bfloat16/.test(path) });
  const { padTokenId } = await readModelConfig(folder);
  writeTokenizer(folder, padTokenId ?? 0);
  return folder;
}

function writeTokenizer(folder: string, pad: number): void {
  const ids = Array.from({ length: WORDS.length + 2 }, (_, i) => i).filter((id) => id !== pad);
  const vocab = Object.fromEntries([['[PAD]', pad], ...['[UNK]', ...WORDS].map((word, i) => [word, ids[i]])]);
  const special = ['[PAD]', '[UNK]'].map((content) => ({
    id: vocab[content],
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }));
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.sort((a, b) => a.id - b.id),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: null,
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab,
    },
  };
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  const settings = { tokenizer_class: 'PreTrainedTokenizerFast', pad_token: '[PAD]', unk_token: '[UNK]' };
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(settings));
}

/** An adapter on all linear modules of which every number matters. */
export async function adapterFolder(model: string, folder: string): Promise<string> {
  await writeAdapter(folder, { ...randomAdapter(await readModelConfig(model), 5), baseModel: 'test/model' });
  return folder;
}

export function configOf(model: string, changes: Partial<Config['encoder']> = {}): Config {
  return resolveConfig({ input: { encoder: { model, ...changes } } });
}

/** Embeddings of length 1 as `encode` gives them. */
export async function encoded(
  engine: Engine,
  model: string,
  options: { adapter?: string; pooling?: PoolingName; attention?: EncoderOptions['attention']; prompt?: string } = {},
): Promise<Float32Array> {
  const { adapter, prompt = '', ...rest } = options;
  const base = await loadBaseModel(model, engine);
  const read = adapter === undefined ? {} : { adapter: await readAdapter(adapter, base.config) };
  const encoder = await createEncoder(base, { ...rest, ...read });
  try {
    return await embedTexts(encoder, TEXTS, { maxLength: base.config.maxPositions, normalize: true, prompt });
  } finally {
    await encoder.dispose();
    base.dispose();
  }
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers beside ${b.length}`);
  return Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((x, y) => Math.max(x, y), 0);
}

export const readJson = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T;
