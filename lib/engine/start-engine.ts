/** Starts the engine that the configuration asks for, or the first of the list that suits this machine. */
import { UserError } from '../core/errors.js';
import type { Reporting } from '../core/events.js';
import { ENGINE_NAMES, ENGINES, type EngineEntry, type EngineName } from './registry.js';
import type { Engine, EngineRequest } from './types.js';
import { EngineUnavailable } from './unavailable.js';

export interface StartEngineOptions extends Partial<EngineRequest> {
  engine: EngineName | 'auto';
  threads: number;
}

/**
 * auto: `tensorflow` where it is set up and sees a GPU, else `onnx`, else `wasm`.
 *
 * @throws UserError when the engine asked for cannot run here; `auto` falls back and says why
 */
export async function startEngine(options: StartEngineOptions, reporting: Reporting = {}): Promise<Engine> {
  const { engine, threads, precision = 'auto', provider = 'cpu' } = options;
  const request: EngineRequest = { threads, precision, provider };
  let unavailable: EngineUnavailable | undefined;
  for (const name of engine === 'auto' ? ENGINE_NAMES : [engine]) {
    const entry: EngineEntry = ENGINES[name];
    const able = entry.canCompute?.(request) ?? (precision === 'auto' || precision === 'float32');
    if (!able || (engine === 'auto' && !((await entry.suitsMachine?.(reporting)) ?? true))) continue;
    if (unavailable) {
      reporting.onMessage?.({ level: 'warning', text: `engine ${name}, since ${unavailable.message}` });
    }
    try {
      return await entry.start(request);
    } catch (error) {
      if (engine !== 'auto' || !(error instanceof EngineUnavailable)) throw error;
      unavailable = error;
    }
  }
  if (unavailable) throw unavailable;
  const advice = ENGINE_NAMES.flatMap((name) => (ENGINES[name] as EngineEntry).precisionAdvice?.[precision] ?? []);
  throw new UserError(
    `precision = "${precision}" with engine "${engine}", provider "${provider}" cannot be computed here: use ${[...advice, 'precision auto or float32'].join(', or ')}`,
  );
}
