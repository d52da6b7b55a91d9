/**
 * How the inputs of a model's linear modules are quantized in a measurement: as a calibration on its batch chooses it, or
 * with channels of every input in float32, as models with large activations need it. Found in a process that is not
 * measured, and handed over in a file.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { inputChannels } from '../lib/encoder/int8/input-channels.js';
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
    // modules that read the same have the same object, of which they share the work
    const apartOf = new Map<InputChannels, InputChannels>();
    for (const [name, input] of fast) {
      const width = base.weights.get(name)?.shape[1] as number;
      const outliers = Array.from({ length: APART }, (_, i) => i);
      apartOf.set(input, { scales: new Float32Array(width).fill(1), outliers });
    }
    const apart = new Map([...fast].map(([name, input]) => [name, apartOf.get(input) as InputChannels] as const));
    base.dispose();
    const folder = mkdtempSync(join(tmpdir(), 'int8-channels-'));
    return { chosen: write(join(folder, 'chosen'), fast), apart: write(join(folder, 'apart'), apart) };
  } finally {
    await engine.close();
  }
}

/** What is one object stays one when it is read. */
function write(path: string, channels: ReadonlyMap<string, InputChannels>): string {
  writeFileSync(path, serialize(channels));
  return path;
}

export function readChannels(path: string): Map<string, InputChannels> {
  return deserialize(readFileSync(path)) as Map<string, InputChannels>;
}
