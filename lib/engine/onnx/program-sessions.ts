/**
 * The sessions of one program. On the CPU there is one, and weights are its inputs: nothing is copied at a run. Another
 * provider would copy an input to its device at every run, so there the frozen weights become initializers: one session
 * for each set of weights that the program is run with, such as those of each layer.
 */
import * as ort from 'onnxruntime-node';
import type { OnnxType } from '../tracing/graph.js';
import { withInitializers } from '../tracing/onnx-writer.js';
import type { SessionSettings } from './messages.js';

/** A frozen weight by the name of the input that it is given for. */
export interface FrozenFeed {
  name: string;
  /** Id of the resident tensor. */
  resident: number;
  tensor: ort.Tensor;
}

export class ProgramSessions {
  private readonly sessions = new Map<string, { session: ort.InferenceSession; residents: ReadonlySet<number> }>();

  constructor(
    private readonly model: Uint8Array,
    private readonly settings: SessionSettings,
  ) {}

  /** The session that has these weights. */
  async with(frozen: readonly FrozenFeed[]): Promise<ort.InferenceSession> {
    const key = frozen.map(({ name, resident }) => `${name}=${resident}`).join();
    const found = this.sessions.get(key);
    if (found) return found.session;
    const constants = frozen.map(({ name, tensor }) => ({
      name,
      type: tensor.type as OnnxType,
      shape: [...tensor.dims],
      data: tensor.data as Float32Array,
    }));
    const session = await createSession(withInitializers(this.model, constants), this.settings);
    this.sessions.set(key, { session, residents: new Set(frozen.map(({ resident }) => resident)) });
    return session;
  }

  /** Lets go of the sessions that have any of these weights. */
  async release(residents: readonly number[]): Promise<void> {
    for (const [key, { session, residents: held }] of this.sessions) {
      if (!residents.some((resident) => held.has(resident))) continue;
      this.sessions.delete(key);
      await session.release();
    }
  }

  async dispose(): Promise<void> {
    for (const { session } of this.sessions.values()) await session.release();
    this.sessions.clear();
  }
}

function createSession(model: Uint8Array, { threads, providers }: SessionSettings): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(model, {
    executionProviders: providers,
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // shapes differ from run to run: a pattern of allocations learnt from one is of no use to the next
    enableMemPattern: false,
    // else its threads wait for more work on the processor for a while after a run, and take it from the session that runs
    // next: a tenth of the time where layers alternate, more where each layer has a session
    extra: { session: { force_spinning_stop: '1' } },
    logSeverityLevel: 3,
  });
}
