/**
 * Every weight of a model as something to train, embedding table included, and the folder of a model so trained.
 *
 * Of the table a batch needs few rows, and its gradient has as many: it is kept for those rows alone (sparse gradients),
 * as PyTorch's `nn.Embedding(sparse=True)` does.
 */
import { copyFile, cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkError } from '../core/errors.js';
import { writeFileAtomic } from '../files/atomic-file.js';
import { readJsonValue, readText } from '../files/json-file.js';
import { jsonLike } from '../files/json-floats.js';
import { type SafetensorsTensor, writeSafetensors } from '../files/safetensors.js';
import type { ModelConfig } from '../models/architecture.js';
import type { BaseModel } from '../models/base-model.js';
import { tokenTableName } from '../models/parameters.js';
import { readEmbeddingTable, readWeights } from '../models/weights.js';
import type { ParameterMap } from './adapter-files.js';

/** All weights in 32 bits from a folder that {@link writeFullModel} wrote. @throws UserError as `readWeights` */
export async function readFullModel(folder: string, config: ModelConfig): Promise<ParameterMap> {
  const table = await readEmbeddingTable(folder, config);
  const shape = [config.vocabularySize, config.hiddenSize];
  const everyId = Int32Array.from({ length: config.vocabularySize }, (_, id) => id);
  const tensors: ParameterMap = new Map([[tokenTableName(config), { shape, data: table.lookup(everyId) }]]);
  for await (const { name, shape: own, data } of readWeights(folder, config)) tensors.set(name, { shape: own, data });
  return tensors;
}

/** Copies of all weights in 32 bits, by their names in the checkpoint. */
export async function fullParameters(base: BaseModel): Promise<ParameterMap> {
  const { vocabularySize, hiddenSize } = base.config;
  const everyId = Int32Array.from({ length: vocabularySize }, (_, id) => id);
  const tensors: ParameterMap = new Map([
    [tokenTableName(base.config), { shape: [vocabularySize, hiddenSize], data: base.table.lookup(everyId) }],
  ]);
  for (const [name, tensor] of base.weights) {
    const { data } = await base.engine.download(tensor);
    tensors.set(name, { shape: tensor.shape, data: Float32Array.from(data) });
  }
  return tensors;
}

/** The distinct tokens of texts, rising: the rows of the table that a step changes. */
export function tokenRows(texts: Iterable<Int32Array>): Int32Array {
  const ids = new Set<number>();
  for (const text of texts) for (const id of text) ids.add(id);
  return Int32Array.from(ids).sort();
}

/**
 * Gradient of some rows of the table, from that of the embeddings that were looked up.
 *
 * @param rows ids, rising; every token is among them, but for padding, which has no gradient
 * @param tokenIds [N]  @param gradient [N, D]  @returns [rows, D]
 */
export function gradientOfRows(rows: Int32Array, tokenIds: Int32Array, gradient: Float32Array): Float32Array {
  const width = gradient.length / tokenIds.length;
  const placeOf = new Map(Array.from(rows, (id, place) => [id, place]));
  const out = new Float32Array(rows.length * width);
  tokenIds.forEach((id, i) => {
    const place = placeOf.get(id);
    if (place === undefined) return;
    for (let j = 0; j < width; j++) out[place * width + j]! += gradient[i * width + j]!;
  });
  return out;
}

/** Tokenizer, and how sentence-transformers uses the model: the latter stays as it is. */
const KEPT_FILES =
  /^(tokenizer.*|special_tokens_map|vocab|modules|config_sentence_transformers|sentence_.*_config)\.json$|^(merges|vocab)\.txt$/;
/** Folders of its steps: "1_Pooling". */
const STEP_FOLDER = /^\d+_[A-Za-z]+$/;

/**
 * Writes a trained model as a folder like its base's: the same architecture and tokenizer, weights in 32 bits, so that
 * nothing of what was trained is lost.
 */
export async function writeFullModel(folder: string, base: BaseModel, parameters: ParameterMap): Promise<void> {
  const tensors: Record<string, SafetensorsTensor> = {};
  for (const [name, { shape, data }] of parameters) tensors[name] = { dtype: 'F32', shape, data };
  try {
    await mkdir(folder, { recursive: true });
    for (const file of await readdir(base.folder)) {
      if (KEPT_FILES.test(file)) await copyFile(join(base.folder, file), join(folder, file));
      else if (STEP_FOLDER.test(file)) await cp(join(base.folder, file), join(folder, file), { recursive: true });
    }
    const config = (await readJsonValue(join(base.folder, 'config.json'), 'copy the model again')) as Record<
      string,
      unknown
    >;
    const { torch_dtype: _, dtype: __, ...rest } = config;
    const written = { ...rest, torch_dtype: 'float32' };
    await writeFileAtomic(
      join(folder, 'config.json'),
      `${jsonLike(await readText(join(base.folder, 'config.json')), written, 1)}\n`,
    );
  } catch (error) {
    throw new WorkError(`could not write the trained model to ${folder}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  await writeSafetensors(join(folder, 'model.safetensors'), tensors, { format: 'pt' });
}
