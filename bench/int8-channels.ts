/**
 * How the inputs of a model's linear modules are quantized in a measurement: as a calibration on its batch chooses it, or
 * with channels of every input in float32, as models with large activations need it. Found in a process that is not
 * measured, and handed over in a file.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inputChannels } from '../lib/encoder/input-channels.js';
import { startEngine } from '../lib/engine/start-engine.js';
import type { InputChannels } from '../lib/engine/types.js';
import { loadBaseModel } from '../lib/models/base-model.js';

export type Int8Channels = 'chosen' | 'apart';

/** Stands for channels that a calibration would keep apart: random weights have none, and which they are costs nothing. */
const APART = 16;

/** @returns the path of a file for {@link readChannels}, one for each kind */
export async function writeChannels(
  model: string,
  texts: readonly Int32Array[],
  threads: number,
): Promise<Record<Int8Channels, string>> {
  const engine = await startEngine({ engine: 'onnx', threads, precision: 'float32' });
  try {
    const base = await loadBaseModel(model, engine);
    const { fast } = await inputChannels(base, texts);
    const width = (name: string): number => base.weights.get(name)?.shape[1] as number;
    const apart = new Map(
      [...fast].map(([name]): [string, InputChannels] => [
        name,
        {
          scales: new Float32Array(width(name)).fill(1),
          outliers: Array.from({ length: APART }, (_, i) => i),
        },
      ]),
    );
    base.dispose();
    const folder = mkdtempSync(join(tmpdir(), 'int8-channels-'));
    return { chosen: write(join(folder, 'chosen.json'), fast), apart: write(join(folder, 'apart.json'), apart) };
  } finally {
    await engine.close();
  }
}

interface Entry {
  scales: number[] | undefined;
  outliers: readonly number[];
  weights: string[];
}

/** Modules that read the same have the same object, of which they share the work. */
function write(path: string, channels: ReadonlyMap<string, InputChannels>): string {
  const entries = new Map<string, Entry>();
  for (const [name, { scales, outliers }] of channels) {
    const entry: Entry = { scales: scales && [...scales], outliers, weights: [] };
    const key = `${layerOf(name)} ${inputOf(name)}`;
    if (!entries.has(key)) entries.set(key, entry);
    entries.get(key)?.weights.push(name);
  }
  writeFileSync(path, JSON.stringify([...entries.values()]));
  return path;
}

const layerOf = (name: string): string => name.split('.').slice(0, 2).join('.');

/** Of Qwen2, which all shapes are of. */
function inputOf(name: string): string {
  if (/\.[qkv]_proj\./.test(name)) return 'attention';
  return /\.(gate|up)_proj\./.test(name) ? 'feed-forward' : name;
}

export function readChannels(path: string): Map<string, InputChannels> {
  const channels = new Map<string, InputChannels>();
  for (const { scales, outliers, weights } of JSON.parse(readFileSync(path, 'utf8')) as Entry[]) {
    const input: InputChannels = { ...(scales && { scales: Float32Array.from(scales) }), outliers };
    for (const name of weights) channels.set(name, input);
  }
  return channels;
}
