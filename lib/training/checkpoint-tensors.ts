/** Tensors of the trained parameters in the files of a checkpoint. */

import { UserError } from '../core/errors.js';
import { remedies } from '../core/remedies.js';
import { openSafetensors } from '../files/safetensors.js';

const remedy = (): string => `start the training anew ${remedies().restart}`;

/** Reads the tensors of the expected parameters, each under every prefix, and checks that the file has no others. */
export async function readTensors(
  path: string,
  step: number,
  parameters: ReadonlyMap<string, { shape: readonly number[] }>,
  prefixes: string[],
): Promise<{ data: Map<string, Float32Array>; metadata: Readonly<Record<string, string>> }> {
  const file = await openSafetensors(path);
  try {
    if (file.metadata.step !== String(step)) {
      throw new UserError(`${path} is of step ${file.metadata.step}, its state.json of step ${step}: ${remedy()}`);
    }
    const data = new Map<string, Float32Array>();
    for (const [parameter, { shape }] of parameters) {
      for (const name of prefixes.map((prefix) => prefix + parameter)) {
        const stored = file.tensors.get(name);
        if (stored?.shape.join() !== shape.join()) {
          const found = stored ? `with the shape [${stored.shape.join(', ')}]` : 'not at all';
          throw new UserError(`${path} has ${name} ${found}, where the run has [${shape.join(', ')}]: ${remedy()}`);
        }
        data.set(name, await file.readFloat32(name));
      }
    }
    const extra = [...file.tensors.keys()].find((name) => !data.has(name));
    if (extra) throw new UserError(`${path} has ${extra}, which the run does not train: ${remedy()}`);
    return { data, metadata: file.metadata };
  } finally {
    await file.close();
  }
}
