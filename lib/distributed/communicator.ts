/**
 * Several processes that train one model, and what they tell each other. A rank is one of them, from 0 to size - 1; a
 * collective operation is called by all ranks in the same order, and returns when all have come. One process is the
 * special case of size 1, so that a training has one path.
 *
 *   transport     moves numbers between processes: MPI (mpi.ts)
 *   communicator  what a training calls; made of any transport, and measures how long this rank waits for the others
 */
import { sumInRankOrder } from './ordered-sum.js';
import type { Transport } from './transport.js';

/** Milliseconds of this rank since its communicator was made. */
export interface CommunicationTime {
  /** Until the slowest rank came. */
  waiting: number;
  /** Moving numbers, once all had come. */
  exchanging: number;
}

/** What a training calls. Every method is collective. */
export interface Communicator {
  readonly rank: number;
  readonly size: number;
  /** Ranks on this machine, this one included. */
  readonly localSize: number;
  /** Grows with every call. */
  readonly time: Readonly<CommunicationTime>;
  /** See {@link Transport.allGather}. */
  allGather(part: Float32Array, counts: readonly number[]): Promise<Float32Array>;
  /** Replaces the values by their sum over ranks: the same bits on every rank, and in every run with as many ranks. */
  allReduce(values: Float32Array): Promise<void>;
  /** See {@link Transport.broadcast}. */
  broadcast(values: Float32Array | Uint8Array): Promise<void>;
  barrier(): Promise<void>;
}

export function communicatorOver(transport: Transport): Communicator {
  const { rank, size, localSize } = transport;
  const time: CommunicationTime = { waiting: 0, exchanging: 0 };
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    await transport.barrier();
    const met = performance.now();
    time.waiting += met - start;
    try {
      return await work();
    } finally {
      time.exchanging += performance.now() - met;
    }
  };
  return {
    rank,
    size,
    localSize,
    time,
    allGather: (part, counts) => timed(() => transport.allGather(part, counts)),
    allReduce: (values) => timed(() => sumInRankOrder(transport, values)),
    broadcast: (values) => timed(() => transport.broadcast(values)),
    barrier: () => timed(async () => undefined),
  };
}

/** A training without others. */
export const ONE_PROCESS: Communicator = {
  rank: 0,
  size: 1,
  localSize: 1,
  time: { waiting: 0, exchanging: 0 },
  allGather: async (part) => part,
  allReduce: async () => undefined,
  broadcast: async () => undefined,
  barrier: async () => undefined,
};
