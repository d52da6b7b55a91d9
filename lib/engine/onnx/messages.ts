/** What the main thread and the thread of ONNX Runtime say to each other. Requests carry a number, answers repeat it. */
import type { WeightLevels } from '../quantization.js';
import type { QuantizedPart } from '../tracing/quantized-products.js';
import type { DType, InputChannels, TensorData } from '../types.js';

export interface SessionSettings {
  threads: number;
  /** ONNX Runtime execution providers in order of preference: "cpu", "cuda", "webgpu". */
  providers: string[];
  /** Some inputs become part of the session at the first run, which makes it. */
  waitsForWeights: boolean;
}

/**
 * An input of a run: data that travels with the message, or a tensor that the thread already has; frozen: it becomes part
 * of the session; part: of a weight in 8 bits.
 */
export type Feed = TensorData | ResidentFeed;
export interface ResidentFeed {
  resident: number;
  frozen: boolean;
  part?: QuantizedPart;
}

export type Request =
  | { kind: 'compile'; program: number; model: Uint8Array; settings: SessionSettings }
  | { kind: 'upload'; tensor: number; value: TensorData }
  | { kind: 'upload quantized'; tensor: number; weight: WeightToQuantize }
  | { kind: 'download'; tensor: number }
  | { kind: 'run'; program: number; feeds: Record<string, Feed>; keep: Record<string, number> }
  | { kind: 'dispose'; program: number }
  | { kind: 'release'; tensors: number[] };

/** A weight [out, in] in float32 that is kept in 8 bits. */
export interface WeightToQuantize {
  shape: [number, number];
  values: Float32Array;
  levels: WeightLevels;
  channels: InputChannels | undefined;
}

export interface Shaped {
  dtype: DType;
  shape: number[];
}

export type Answer =
  | { ok: true; data?: Record<string, TensorData>; kept?: Record<string, Shaped> }
  | { ok: false; message: string };

export interface Envelope<T> {
  id: number;
  body: T;
}
