/** A thread that reads tensors and converts them, so that several cores load a model and none waits for it. */
import { parentPort } from 'node:worker_threads';
import { UserError } from '../core/errors.js';
import {
  type NumberArrays,
  type NumberType,
  openSafetensors,
  readNumbers,
  type SafetensorsFile,
} from './safetensors.js';

/** A tensor to read. */
export interface ReadRequest {
  path: string;
  name: string;
  type: NumberType;
}

export type ReadAnswer = { data: NumberArrays[NumberType] } | { error: { message: string; isUserError: boolean } };

const port = parentPort;
if (port) {
  const files = new Map<string, Promise<SafetensorsFile>>();
  port.on('message', async ({ path, name, type }: ReadRequest) => {
    try {
      const file = files.get(path) ?? openSafetensors(path);
      files.set(path, file);
      const data = await readNumbers(await file, name, type);
      port.postMessage({ data } satisfies ReadAnswer, [data.buffer as ArrayBuffer]);
    } catch (error) {
      const { message } = error as Error;
      port.postMessage({ error: { message, isUserError: error instanceof UserError } } satisfies ReadAnswer);
    }
  });
}
