/**
 * The engines. To add one: its folder, and its entry here; the settings take the names from this list. Each is loaded when
 * it is started, so that the list costs nothing.
 */
import type { Reporting } from '../core/events.js';
import type { Engine, EngineRequest, Precision } from './types.js';

export interface EngineEntry {
  /** What computes, and where, for people. */
  description: string;
  /** How to ask for a precision that not every engine has, as the end of "use …". Float32 goes without saying. */
  precisionAdvice?: Partial<Record<Precision, string>>;
  /** Whether it computes as asked; absent: in float32 only. */
  canCompute?(request: EngineRequest): boolean;
  /** Whether "auto" should take it on this machine; says why not where that would surprise. Absent: yes. */
  suitsMachine?(reporting: Reporting): Promise<boolean>;
  /**
   * @throws UserError where it cannot run here; an EngineUnavailable makes "auto" take the next engine of the list
   */
  start(request: EngineRequest): Promise<Engine>;
}

/** In the order in which "auto" tries them. */
export const ENGINES = {
  tensorflow: {
    description: 'TensorFlow runs the ops one by one, on an NVIDIA GPU; npm run setup:gpu sets it up',
    precisionAdvice: { bfloat16: '--engine tensorflow' },
    canCompute: ({ precision }) => precision !== 'float16' && precision !== 'int8',
    suitsMachine: async (reporting) => (await import('./tensorflow/suits-machine.js')).suitsMachine(reporting),
    start: async ({ threads, precision }) =>
      (await import('./tensorflow/engine.js')).createTensorflowEngine({
        threads,
        // that it is neither is what canCompute says
        precision: precision === 'float16' || precision === 'int8' ? 'float32' : precision,
      }),
  },
  onnx: {
    description: 'ONNX Runtime runs traced graphs, on the CPU or another execution provider',
    precisionAdvice: {
      float16: '--engine onnx with provider webgpu or cuda',
      int8: '--engine onnx with provider cpu',
    },
    canCompute: ({ precision, provider }) =>
      precision === 'auto' || precision === 'float32' || precision === (provider === 'cpu' ? 'int8' : 'float16'),
    start: async (request) => (await import('./onnx/start.js')).startOnnxEngine(request),
  },
  wasm: {
    description: 'WebAssembly of tfjs: slow, everywhere, the readable reference of the others',
    start: async () => (await import('./eager-engine.js')).createWasmEngine(),
  },
} satisfies Record<string, EngineEntry>;

export type EngineName = keyof typeof ENGINES;
export const ENGINE_NAMES = Object.keys(ENGINES) as EngineName[];
