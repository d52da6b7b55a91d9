/** Chooses and starts the engine that the configuration asks for, or the fastest that works here. */
import { UserError } from '../errors.js';
import type { Reporting } from '../events.js';
import { createWasmEngine } from './eager-engine.js';
import { createOnnxEngine } from './onnx/engine.js';
import type { Engine, EngineName } from './types.js';

export interface StartEngineOptions {
  engine: EngineName | 'auto';
  /** 0: as many as the machine has cores. */
  threads: number;
}

/** @throws UserError when the engine asked for cannot run here; `auto` falls back to wasm and says why */
export async function startEngine({ engine, threads }: StartEngineOptions, reporting: Reporting = {}): Promise<Engine> {
  if (engine === 'tensorflow') {
    throw new UserError('the engine "tensorflow" is not available in this version: use --engine onnx, wasm or auto');
  }
  if (engine === 'wasm') return createWasmEngine();
  const onnx = createOnnxEngine({ threads });
  try {
    // the first request loads the native library in the engine's thread
    onnx.release([await onnx.upload({ dtype: 'float32', shape: [1], data: new Float32Array(1) })]);
    return onnx;
  } catch (error) {
    await onnx.close();
    const reason = error instanceof Error ? error.message : String(error);
    if (engine === 'onnx')
      throw new UserError(`ONNX Runtime does not load on this machine: ${reason}; use --engine wasm`);
    reporting.onMessage?.({
      level: 'warning',
      text: `engine wasm (slow), since ONNX Runtime does not load: ${reason}`,
    });
    return createWasmEngine();
  }
}
