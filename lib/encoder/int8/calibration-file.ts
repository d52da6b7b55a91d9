/**
 * What a calibration of weights in 8 bits found, kept on disk: a second start with the same model, texts and processor
 * needs no float32 model. One safetensors file each: `scales` and `outliers` of all inputs, one after the other; which
 * weights read them, and how near the model came to float32, in its metadata.
 */
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { arch, cpus } from 'node:os';
import { join } from 'node:path';
import type { Reporting } from '../../core/events.js';
import type { InputChannels } from '../../engine/types.js';
import { parseJson } from '../../files/json.js';
import { openSafetensors, writeSafetensors } from '../../files/safetensors.js';

/** Of what a model in 8 bits computes with what the same computes in float32. */
export interface Int8Agreement {
  /** Cosine of embeddings, mean and least over the texts. */
  embeddings: number;
  leastEmbedding: number;
  /** Cosine of the gradient of an adapter on all linear modules. */
  gradient: number;
}

export interface Calibration {
  /** By the full names of the weights; those that read one input have the same object. */
  channels: ReadonlyMap<string, InputChannels>;
  agreement: Int8Agreement;
}

/** Raised when the same texts give other channels, or the same channels another agreement, than before. */
const CALIBRATION = 3;

/** The file of a model, texts and processor. @param model its fingerprint  @param texts token ids */
export function calibrationPath(folder: string, model: string, texts: readonly Int32Array[]): string {
  const hash = createHash('sha256').update(`${CALIBRATION} ${model} ${arch()} ${cpus()[0]?.model}\n`);
  for (const text of texts) hash.update(`${text.join(' ')}\n`);
  return join(folder, `${hash.digest('hex').slice(0, 24)}.safetensors`);
}

interface InputEntry {
  weights: string[];
  /** How many scales and outliers it has; no scales where it is taken as it is. */
  scales: number;
  outliers: number;
  zeroPoint?: number;
}

/** Where it cannot be written, a warning says so, and the work continues. */
export async function writeCalibration(
  folder: string,
  path: string,
  { channels, agreement }: Calibration,
  { onMessage }: Reporting,
): Promise<void> {
  const weightsOf = new Map<InputChannels, string[]>();
  for (const [name, input] of channels) weightsOf.set(input, [...(weightsOf.get(input) ?? []), name]);
  const inputs = [...weightsOf].map(
    ([{ scales = [], outliers, ...others }, weights]): InputEntry => ({
      weights,
      scales: scales.length,
      outliers: outliers.length,
      ...others,
    }),
  );
  const scales = Float32Array.from([...weightsOf.keys()].flatMap((input) => [...(input.scales ?? [])]));
  const outliers = Int32Array.from([...weightsOf.keys()].flatMap((input) => [...input.outliers]));
  const found = JSON.stringify({ inputs, agreement });
  try {
    // which channels are large tells something of the texts
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeSafetensors(
      path,
      {
        scales: { dtype: 'F32', shape: [scales.length], data: scales },
        outliers: { dtype: 'I32', shape: [outliers.length], data: outliers },
      },
      { found, digest: digestOf(found, scales, outliers) },
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onMessage?.({
      level: 'warning',
      text: `could not keep the calibration of int8 in ${folder}, so it is made again next time: ${reason}`,
    });
  }
}

/** @returns undefined where there is none, or a damaged one */
export async function readCalibration(path: string): Promise<Calibration | undefined> {
  const file = await openSafetensors(path).catch(() => undefined);
  if (!file) return undefined;
  try {
    const scales = await file.readFloat32('scales');
    const outliers = new Int32Array((await file.readBytes('outliers')).buffer);
    const { found = '', digest } = file.metadata;
    if (digest !== digestOf(found, scales, outliers)) return undefined;
    const { inputs, agreement } = parseJson(found) as { inputs: InputEntry[]; agreement: Int8Agreement };
    // JSON has no NaN: what gave none is computed again, and refused with its numbers
    if (!Object.values(agreement).every(Number.isFinite)) return undefined;
    const channels = new Map<string, InputChannels>();
    let [scale, outlier] = [0, 0];
    for (const { weights, scales: width, outliers: count, ...others } of inputs) {
      const input = {
        ...(width > 0 && { scales: scales.slice(scale, scale + width) }),
        outliers: [...outliers.subarray(outlier, outlier + count)],
        ...others,
      };
      for (const name of weights) channels.set(name, input);
      scale += width;
      outlier += count;
    }
    return { channels, agreement };
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** Another channel in float32 would give other embeddings, and nothing else would show it. */
function digestOf(found: string, ...arrays: (Float32Array | Int32Array)[]): string {
  const hash = createHash('sha256').update(found);
  for (const { buffer, byteOffset, byteLength } of arrays) hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}
