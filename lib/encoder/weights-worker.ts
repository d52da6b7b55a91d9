/** A thread that reads tensors and widens them to float32, so that several cores load a model and none waits for it. */
import { parentPort } from 'node:worker_threads';
import { UserError } from '../errors.js';
import { openSafetensors, type SafetensorsFile } from './safetensors.js';

/** A tensor to read. */
export interface ReadRequest {
  path: string;
  name: string;
}

export type ReadAnswer = { data: Float32Array } | { error: { message: string; isUserError: boolean } };

const port = parentPort;
if (port) {
  const files = new Map<string, Promise<SafetensorsFile>>();
  port.on('message', async ({ path, name }: ReadRequest) => {
    try {
      const file = files.get(path) ?? openSafetensors(path);
      files.set(path, file);
      const data = await (await file).readFloat32(name);
      port.postMessage({ data } satisfies ReadAnswer, [data.buffer as ArrayBuffer]);
    } catch (error) {
      const { message } = error as Error;
      port.postMessage({ error: { message, isUserError: error instanceof UserError } } satisfies ReadAnswer);
    }
  });
}
