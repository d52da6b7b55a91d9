/** What the main thread and the thread of ONNX Runtime say to each other. Requests carry a number, answers repeat it. */
import type { DType, TensorData } from '../types.js';

export interface SessionSettings {
  threads: number;
  /** ONNX Runtime execution providers in order of preference: "cpu", "cuda", "webgpu". */
  providers: string[];
}

/**
 * An input of a run: data that travels with the message, or a tensor that the thread already has; frozen: it becomes part
 * of the session.
 */
export type Feed = TensorData | { resident: number; frozen: boolean };

export type Request =
  | { kind: 'compile'; program: number; model: Uint8Array; settings: SessionSettings }
  | { kind: 'upload'; tensor: number; value: TensorData }
  | { kind: 'download'; tensor: number }
  | { kind: 'run'; program: number; feeds: Record<string, Feed>; keep: Record<string, number> }
  | { kind: 'dispose'; program: number }
  | { kind: 'release'; tensors: number[] };

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
