/**
 * The weights of an encoder, from the safetensors files of its folder: one `model.safetensors`, or shards that
 * `model.safetensors.index.json` lists. Names lose the prefix that some checkpoints put before all of them ("model." of
 * causal language models), so that all layouts read alike; the output head and other extra tensors are ignored.
 *
 * Linear weights keep torch's layout [out, in]. The embedding table, the largest tensor of a small model, stays in its
 * stored type; only the rows of a batch are ever widened.
 */
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { throwIfAborted, UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { quantity } from '../core/quantity.js';
import { readJsonFile } from '../files/json-file.js';
import {
  type NumberArrays,
  type NumberType,
  openSafetensors,
  type SafetensorsFile,
  type SafetensorsType,
} from '../files/safetensors.js';
import { readTensors } from '../files/tensor-readers.js';
import type { ModelConfig } from './architecture.js';
import { EmbeddingTable } from './embedding-table.js';
import { encoderTensorShapes, tokenTableName, withoutPrefix } from './parameters.js';
import { architectureOf } from './registry.js';
import { refuseScaled } from './scaled-weights.js';

const SINGLE_FILE = 'model.safetensors';
const INDEX_FILE = 'model.safetensors.index.json';

/** One tensor, its name without the prefix of the checkpoint. */
export interface EncoderTensor<Data = Float32Array> {
  name: string;
  shape: number[];
  data: Data;
}

/**
 * Streams the weights, a few tensors in memory at a time, converted in threads of their own where they are large; all names
 * and shapes are checked before the first.
 *
 * @throws UserError for a folder without weights, a damaged file, and missing or mis-shaped tensors, which it names
 */
export function readWeights(
  folder: string,
  config: ModelConfig,
  reporting: Reporting = {},
): AsyncGenerator<EncoderTensor, void, undefined> {
  return streamWeights(folder, config, reporting, 'float32');
}

/**
 * As {@link readWeights}, with the bits of bfloat16 numbers: as they are stored where the checkpoint is in bfloat16, as
 * most are, and rounded where it has another type.
 */
export function readBfloat16Weights(
  folder: string,
  config: ModelConfig,
  reporting: Reporting = {},
): AsyncGenerator<EncoderTensor<Uint16Array>, void, undefined> {
  return streamWeights(folder, config, reporting, 'bfloat16');
}

async function* streamWeights<Type extends NumberType>(
  folder: string,
  config: ModelConfig,
  reporting: Reporting,
  type: Type,
): AsyncGenerator<EncoderTensor<NumberArrays[Type]>, void, undefined> {
  const weights = await openWeights(folder, config);
  try {
    const shapes = encoderTensorShapes(config);
    const located = locate(weights, shapes, config);
    reportIgnored(weights, shapes, config, reporting);
    const total = located.reduce((sum, { bytes }) => sum + bytes, 0);
    const tensors = located.map(({ name, shape, file, storedName, bytes }) => ({
      path: file.path,
      name: storedName,
      bytes,
      encoderTensor: { name, shape },
    }));
    let done = 0;
    throwIfAborted(reporting.signal, 'the model is not loaded');
    for await (const { tensor, data } of readTensors(tensors, type)) {
      done += tensor.bytes;
      reporting.onProgress?.({ task: 'reading weights', done, total, unit: 'bytes' });
      yield { ...tensor.encoderTensor, data };
      throwIfAborted(reporting.signal, 'the model is not loaded');
    }
  } finally {
    await closeAll(weights);
  }
}

/** Reads the embedding table in its stored type, 8 bits as bfloat16. @throws UserError as {@link readWeights} */
export async function readEmbeddingTable(
  folder: string,
  config: ModelConfig,
  reporting: Reporting = {},
): Promise<EmbeddingTable> {
  const { vocabularySize, hiddenSize } = config;
  const weights = await openWeights(folder, config);
  try {
    const [table] = locate(weights, new Map([[tokenTableName(config), [vocabularySize, hiddenSize]]]), config);
    const { file, storedName, bytes: total } = table!;
    const { dtype } = file.tensors.get(storedName)!;
    let done = 0;
    const onBytes = (bytes: number) => {
      done += bytes;
      reporting.onProgress?.({ task: 'reading the embedding table', done, total, unit: 'bytes' });
    };
    // exact, in half the memory of float32
    const tableOf = (type: EmbeddingTable['type'], data: EmbeddingTable['data']): EmbeddingTable =>
      new EmbeddingTable(vocabularySize, hiddenSize, type, data);
    if (dtype.startsWith('F8_')) return tableOf('BF16', await file.readBfloat16(storedName, onBytes));
    if (dtype !== 'BF16' && dtype !== 'F16') return tableOf('F32', await file.readFloat32(storedName, onBytes));
    const bytes = await file.readBytes(storedName, onBytes);
    return tableOf(dtype, new Uint16Array(bytes.buffer));
  } finally {
    await closeAll(weights);
  }
}

/** The type in which the token table is stored, which is that of the whole checkpoint as a rule. */
export async function storedWeightType(folder: string, config: ModelConfig): Promise<SafetensorsType> {
  const weights = await openWeights(folder, config);
  try {
    const { vocabularySize, hiddenSize } = config;
    const [table] = locate(weights, new Map([[tokenTableName(config), [vocabularySize, hiddenSize]]]), config);
    return table!.file.tensors.get(table!.storedName)!.dtype;
  } finally {
    await closeAll(weights);
  }
}

interface OpenWeights {
  folder: string;
  files: SafetensorsFile[];
  /** By name without prefix. */
  tensors: Map<string, { file: SafetensorsFile; storedName: string }>;
}

async function openWeights(folder: string, config: ModelConfig): Promise<OpenWeights> {
  const names = await weightFileNames(folder);
  const weights: OpenWeights = { folder, files: [], tensors: new Map() };
  try {
    for (const fileName of names) {
      const file = await openSafetensors(join(folder, fileName));
      weights.files.push(file);
      for (const storedName of file.tensors.keys()) {
        const name = withoutPrefix(storedName, config);
        const other = weights.tensors.get(name);
        if (other) {
          throw new UserError(
            `${folder} holds ${name} twice, as ${other.storedName} in ${other.file.path} and as ${storedName} in ${file.path}: keep one`,
          );
        }
        weights.tensors.set(name, { file, storedName });
      }
    }
  } catch (error) {
    await closeAll(weights);
    throw error;
  }
  return weights;
}

async function closeAll(weights: OpenWeights): Promise<void> {
  await Promise.all(weights.files.map((file) => file.close()));
}

/** The file or shards of a folder, by name. */
async function weightFileNames(folder: string): Promise<string[]> {
  const present = await readdir(folder).catch(() => [] as string[]);
  if (present.includes(SINGLE_FILE)) return [SINGLE_FILE];
  if (present.includes(INDEX_FILE)) {
    const path = join(folder, INDEX_FILE);
    const schema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });
    const { weight_map: shardOf } = await readJsonFile(path, schema, 'download the model again');
    const shards = [...new Set(Object.values(shardOf))].sort();
    for (const shard of shards) {
      await access(join(folder, shard)).catch(() => {
        throw new UserError(`${folder} lacks ${shard}, which ${INDEX_FILE} lists: download the model again`);
      });
    }
    return shards;
  }
  if (present.some((name) => /^pytorch_model.*\.bin(\.index\.json)?$/.test(name))) {
    throw new UserError(
      `${folder} has its weights as pytorch_model.bin only: convert them with ` +
        `python -c "from transformers import AutoModel; AutoModel.from_pretrained('${folder}').save_pretrained('${folder}')"`,
    );
  }
  throw new UserError(`${folder} has no weights: expected ${SINGLE_FILE}, or ${INDEX_FILE} and its shards`);
}

interface LocatedTensor {
  name: string;
  shape: number[];
  file: SafetensorsFile;
  storedName: string;
  bytes: number;
}

/** Finds the tensors and compares their shapes with what config.json says. */
function locate(weights: OpenWeights, shapes: Map<string, number[]>, config: ModelConfig): LocatedTensor[] {
  const missing = [...shapes.keys()].filter((name) => !weights.tensors.has(name));
  if (missing.length > 0) {
    throw new UserError(
      `${weights.folder} lacks ${missing.length} of the ${quantity(shapes.size, 'tensors')} of its ${config.modelType} encoder ` +
        `(${someOf(missing)}): download the model again, or mend config.json`,
    );
  }
  return [...shapes].map(([name, shape]) => {
    const { file, storedName } = weights.tensors.get(name)!;
    const entry = file.tensors.get(storedName)!;
    if (entry.shape.join() !== shape.join()) {
      throw new UserError(
        `${file.path}: ${storedName} has the shape [${entry.shape.join(', ')}], where config.json asks for ` +
          `[${shape.join(', ')}]: take both files from the same model`,
      );
    }
    refuseScaled(file, storedName);
    return { name, shape, file, storedName, bytes: entry.end - entry.begin };
  });
}

function reportIgnored(
  weights: OpenWeights,
  shapes: Map<string, number[]>,
  config: ModelConfig,
  reporting: Reporting,
): void {
  const { ignoredTensors } = architectureOf(config);
  const table = tokenTableName(config);
  const ignored = [...weights.tensors.keys()].filter(
    (name) => !shapes.has(name) && name !== table && !ignoredTensors?.test(name),
  );
  if (ignored.length === 0) return;
  reporting.onMessage?.({
    level: 'warning',
    text: `${weights.folder}: ignored ${quantity(ignored.length, 'tensors')} that the encoder has no use for (${someOf(ignored)})`,
  });
}

function someOf(names: string[]): string {
  return names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');
}
