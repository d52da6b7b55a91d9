/** Which engines run here, and whether FAISS does: each is given a small product whose result is known. */
import type { Config } from '../config/config.js';
import { matmulTransposed } from '../engine/matmul.js';
import { startEngine } from '../engine/start-engine.js';
import { visibleGpu } from '../engine/tensorflow/gpu.js';
import { currentInstallation } from '../engine/tensorflow/installation.js';
import { probe } from '../engine/tensorflow/probe.js';
import { buildFaiss } from '../retrieval/index/faiss-candidates.js';
import { type Check, FIXES, missing, ok, optional, reasonOf } from './check.js';

// Two rows of two: their inner products are 1 2; 2 5.
const ROWS = [1, 0, 2, 1];
const PRODUCTS = [1, 2, 2, 5];

/** Tries the engines that this version has; one of those that the configuration allows must work. */
export async function checkEngines(config: Config): Promise<Check[]> {
  const onnx = await tryEngine('onnx', config.threads);
  const wasm = await tryEngine('wasm', config.threads);
  const needed = (name: 'onnx' | 'wasm'): boolean =>
    config.engine === 'auto' ? onnx.failure !== null && wasm.failure !== null : config.engine === name;
  const check = (name: 'onnx' | 'wasm', { description, failure }: Attempt, consequence: string): Check => {
    if (failure === null) return ok(`engine ${name}`, description);
    if (needed(name)) return missing(`engine ${name}`, `does not run: ${failure}`, FIXES.packages);
    return optional(`engine ${name}`, `does not run: ${failure}${consequence}`, FIXES.packages);
  };
  return [
    check('onnx', onnx, '; the experiment falls back to the slow engine wasm'),
    check('wasm', wasm, ''),
    await checkTensorflow(config.engine === 'tensorflow'),
  ];
}

/** In a process of its own, which a broken driver may end. @param needed whether the configuration asks for it */
async function checkTensorflow(needed: boolean): Promise<Check> {
  const name = 'engine tensorflow';
  const absent = needed ? missing : optional;
  const installation = currentInstallation();
  const gpu = await visibleGpu();
  const setUp = gpu ? FIXES.tensorflow : `${FIXES.tensorflow} -- --cpu`;
  if (!installation) return absent(name, 'not set up; the experiment runs without', setUp);
  try {
    const result = await probe(installation);
    const place = result.gpu ? `on ${gpu?.name ?? 'a GPU'}` : 'on the CPU';
    const unused = gpu && !result.gpu ? `, although there is ${gpu.name}` : '';
    if (unused) return optional(name, `TensorFlow ${result.version} ${place}${unused}`, setUp);
    return ok(name, `TensorFlow ${result.version} ${place}`);
  } catch (error) {
    return absent(name, `does not run: ${reasonOf(error)}`, setUp);
  }
}

interface Attempt {
  description: string;
  /** Why it does not run; null where it does. */
  failure: string | null;
}

async function tryEngine(name: 'onnx' | 'wasm', threads: number): Promise<Attempt> {
  try {
    const engine = await startEngine({ engine: name, threads });
    try {
      const products = await matmulTransposed(engine)(Float32Array.from(ROWS), Float32Array.from(ROWS), 2);
      const right = PRODUCTS.every((value, i) => products[i] === value);
      return { description: engine.description, failure: right ? null : 'it computes wrong numbers' };
    } finally {
      await engine.close();
    }
  } catch (error) {
    return { description: name, failure: reasonOf(error) };
  }
}

/** FAISS is never needed: the same documents are found exactly by the engine's matrix product. */
export async function checkFaiss(): Promise<Check> {
  const name = 'FAISS';
  try {
    const faiss = await buildFaiss('flat', Float32Array.from(ROWS), 2);
    try {
      // the second row has the larger product with (0, 1)
      const rows = await faiss.propose(Float32Array.of(0, 1), 2);
      if (rows[0] === 1 && rows[1] === 0) return ok(name, 'searches');
      return optional(name, 'gives wrong neighbours; do not use it', 'npm run setup -- --force');
    } finally {
      await faiss.close();
    }
  } catch (error) {
    const detail = `not usable (${reasonOf(error).replace(/^FAISS:? /, '')}); the engine searches exactly, with the same results`;
    return optional(name, detail, FIXES.faiss);
  }
}
