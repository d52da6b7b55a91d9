/**
 * A base model whose frozen weights are in 8 bits, measured against float32 on texts of the run before it is used: models
 * differ in how well they bear it, and a small one with dimensions of special meaning may not at all.
 */

import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { mean } from '../../core/mean.js';
import { quantity } from '../../core/quantity.js';
import { startEngine } from '../../engine/start-engine.js';
import type { Engine } from '../../engine/types.js';
import { type BaseModel, fingerprintModel, loadBaseModel } from '../../models/base-model.js';
import { linearModules } from '../../models/parameters.js';
import { createEncoder } from '../encoder.js';
import { initializeAdapter, isUp } from '../lora.js';
import {
  type Calibration,
  calibrationPath,
  type Int8Agreement,
  readCalibration,
  writeCalibration,
} from './calibration-file.js';
import { inputChannels } from './input-channels.js';

/** Cosines with float32 that a model in 8 bits has to reach. */
export const INT8_BOUNDS = { embeddings: 0.9995, gradient: 0.998 } as const;

/** Texts that the gradient is taken of: few, since it takes as long as encoding three times as many. */
const GRADIENT_TEXTS = 4;

export interface CalibrationTexts {
  /** Token ids of a few texts, as long as those of the run. */
  texts: readonly Int32Array[];
  threads: number;
  /** A folder for what is found, so that a second start needs no float32 model; safe to delete. Absent: found anew. */
  cache?: string;
}

/**
 * @param engine one with `uploadQuantized`
 * @throws UserError where embeddings or gradients are further from float32 than {@link INT8_BOUNDS}
 */
export async function loadInt8Model(
  folder: string,
  engine: Engine,
  { texts, threads, cache }: CalibrationTexts,
  reporting: Reporting = {},
): Promise<BaseModel> {
  const path = cache === undefined ? undefined : calibrationPath(cache, await fingerprintModel(folder), texts);
  const known = path === undefined ? undefined : await readCalibration(path);
  if (known) {
    const found = describe(known, texts.length);
    if (!isNear(known.agreement)) throw refusal(folder, found);
    reporting.onMessage?.({ level: 'info', text: `precision int8: ${found}, as found before` });
    return loadBaseModel(folder, engine, reporting, known.channels);
  }
  const { channels: found, results } = await referenceOf(folder, texts, threads, reporting);
  const load = async (channels: Calibration['channels']) => {
    const base = await loadBaseModel(folder, engine, reporting, channels);
    try {
      return { base, channels, agreement: compare(results, await compute(base, texts)) };
    } catch (error) {
      base.dispose();
      throw error;
    }
  };
  let tried = await load(found.fast);
  if (!isNear(tried.agreement)) {
    tried.base.dispose();
    tried = await load(found.near);
  }
  const { base, ...calibration } = tried;
  if (path !== undefined) await writeCalibration(cache as string, path, calibration, reporting);
  const described = describe(calibration, texts.length);
  if (isNear(calibration.agreement)) {
    reporting.onMessage?.({ level: 'info', text: `precision int8: ${described}` });
    return base;
  }
  base.dispose();
  throw refusal(folder, described);
}

function isNear({ embeddings, gradient }: Int8Agreement): boolean {
  return embeddings >= INT8_BOUNDS.embeddings && gradient >= INT8_BOUNDS.gradient;
}

function refusal(folder: string, found: string): UserError {
  return new UserError(
    `precision = "int8" does not suit ${folder}: ${found}; expected at least ${INT8_BOUNDS.embeddings} and ${INT8_BOUNDS.gradient}; use precision=float32`,
  );
}

function describe({ agreement, channels }: Calibration, texts: number): string {
  const { embeddings, leastEmbedding, gradient } = agreement;
  const apart = [...channels.values()].reduce((most, { outliers }) => Math.max(most, outliers.length), 0);
  const rounded = (cosine: number): string => cosine.toFixed(5);
  return `on ${quantity(texts, 'texts')} of this run the cosine with float32 is ${rounded(embeddings)} of embeddings (least ${rounded(leastEmbedding)}) and ${rounded(gradient)} of gradients${apart > 0 ? `, with up to ${apart} channels of an input in float32` : ''}`;
}

interface Results {
  /** Of each text [D]. */
  embeddings: Float32Array[];
  gradients: Map<string, Float32Array>;
}

/** In float32, on an engine that ends before the model is loaded in 8 bits. */
async function referenceOf(
  folder: string,
  texts: readonly Int32Array[],
  threads: number,
  reporting: Reporting,
): Promise<{ channels: Awaited<ReturnType<typeof inputChannels>>; results: Results }> {
  const engine = await startEngine({ engine: 'onnx', threads, precision: 'float32' });
  try {
    const base = await loadBaseModel(folder, engine, { ...(reporting.signal && { signal: reporting.signal }) });
    const channels = await inputChannels(base, texts);
    return { channels, results: await compute(base, texts) };
  } finally {
    await engine.close();
  }
}

/** Embeddings of all texts, and gradients of an adapter that is not at its start, where half of them would be zero. */
async function compute(base: BaseModel, texts: readonly Int32Array[]): Promise<Results> {
  const targetModules = linearModules(base.config).map(({ name }) => name);
  const config = { rank: 4, alpha: 8, dropout: 0, rankStabilized: false, targetModules };
  const tensors = initializeAdapter(config, base.config, 0);
  for (const [name, { data }] of tensors) {
    if (!isUp(name)) continue;
    for (let i = 0; i < data.length; i++) data[i] = Math.sin(i) / 100;
  }
  const encoder = await createEncoder(base, { adapter: { config, tensors }, plan: 'layerwise' });
  try {
    const rows = await encoder.embed([...texts]);
    const width = encoder.dimensions;
    const embeddings = texts.map((_, text) => rows.subarray(text * width, (text + 1) * width));
    const batch = encoder.pad(texts.slice(0, GRADIENT_TEXTS));
    const gradient = Float32Array.from({ length: batch.batch * encoder.dimensions }, (_, i) => Math.cos(i));
    return { embeddings, gradients: await encoder.backward(batch, gradient) };
  } finally {
    await encoder.dispose();
  }
}

function compare(expected: Results, actual: Results): Int8Agreement {
  const cosines = Array.from(expected.embeddings.keys(), (text) =>
    cosine([expected.embeddings[text]!], [actual.embeddings[text]!]),
  );
  const names = [...expected.gradients.keys()];
  const gradientsOf = ({ gradients }: Results): Float32Array[] => names.map((name) => gradients.get(name)!);
  return {
    embeddings: mean(cosines),
    leastEmbedding: Math.min(...cosines),
    gradient: cosine(gradientsOf(expected), gradientsOf(actual)),
  };
}

/** Of two vectors that are given in parts. */
function cosine(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  let [product, squaresOfA, squaresOfB] = [0, 0, 0];
  a.forEach((part, p) => {
    part.forEach((value, i) => {
      const other = b[p]![i]!;
      product += value * other;
      squaresOfA += value * value;
      squaresOfB += other * other;
    });
  });
  return product / Math.sqrt(squaresOfA * squaresOfB);
}
