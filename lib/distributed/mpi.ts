/**
 * Ranks that mpirun, mpiexec or srun started. MPI waits by asking without pause, which takes a core from the ranks that
 * still compute: so ranks meet in a barrier that is asked now and then, and only then call what moves numbers, on a thread,
 * so that signals and the engine go on meanwhile. One call at a time.
 */
import { setTimeout as delay, setImmediate as immediate } from 'node:timers/promises';
import { PassingError, UserError } from '../core/errors.js';
import { remedies } from '../core/remedies.js';
import { type Communicator, communicatorOver } from './communicator.js';
import { type Launch, launchOf } from './launcher.js';
import { loadMpi, type MpiLibrary } from './mpi-library.js';
import type { Transport } from './transport.js';

/** Another rank ended, or the network to it: the same job may go well later. */
export class LostRankError extends PassingError {
  override name = 'LostRankError';
}

/** The ranks of a job, until it is left. */
export interface OpenCommunicator extends Communicator {
  /** "Open MPI (libmpi.so.40)" */
  description: string;
  /** Collective: leaves the job in peace. The process may not join it again. */
  close(): void;
  /** Ends all ranks at once; mpirun exits with the code. Does not return. */
  abort(exitCode: number): Promise<never>;
}

/** MPI_THREAD_SERIALIZED: calls from any thread, one at a time. */
const SERIALIZED = 2;
/** Questions without pause before a barrier is asked each millisecond. */
const EAGER = 100;
/** Numbers of one message: MPI counts in 32 bits, and some transports end below 2 GiB. */
const MESSAGE = 2 ** 28;

/**
 * Joins the job that this process is a rank of. Once a process.
 *
 * @throws UserError where it is none, or MPI is missing or another one than started it
 */
export async function joinMpi(): Promise<OpenCommunicator> {
  const launch = launchOf();
  if (!launch) {
    throw new UserError(
      'nothing started this process as a rank: start it as "mpirun -n 4 llm-embedding train --distributed mpi ...", or with srun or mpiexec',
    );
  }
  const library = await loadMpi(launch.launcher);
  const { functions, world, errorsReturn, implementation, file } = library;
  const provided = [0];
  check(library, functions.Init_thread(null, null, SERIALIZED, provided));
  if ((provided[0] as number) < SERIALIZED) {
    throw new UserError(
      `${file} was built without threads (level ${provided[0]}, ${SERIALIZED} is needed): use another MPI`,
    );
  }
  check(library, functions.Comm_set_errhandler(world, errorsReturn));
  const [rank, size] = [[0], [0]];
  check(library, functions.Comm_rank(world, rank));
  check(library, functions.Comm_size(world, size));
  if (size[0] !== launch.size) {
    throw new UserError(
      `${launch.launcher} started ${launch.size} ranks, but ${file} (${implementation}) sees ${size[0]}: set LLM_EMBEDDING_MPI to the libmpi.so that belongs to the launcher${launch.launcher === 'SLURM' ? ', or try srun --mpi=pmix or --mpi=pmi2' : ''}`,
    );
  }
  return {
    ...communicatorOver(transportOf(library, rank[0] as number, launch)),
    description: `${implementation} (${file})`,
    close() {
      check(library, functions.Finalize());
    },
    async abort(exitCode) {
      functions.Abort(world, exitCode);
      // the launcher ends this process
      await delay(10_000);
      process.exit(exitCode);
    },
  };
}

function transportOf(library: MpiLibrary, rank: number, { size, localSize }: Launch): Transport {
  const { world, float, byte } = library;
  return {
    rank,
    size,
    localSize,
    async allGather(part, counts) {
      const starts = new Int32Array(size);
      for (let i = 1; i < size; i++) starts[i] = (starts[i - 1] as number) + (counts[i - 1] as number);
      const out = new Float32Array(counts.reduce((total, count) => total + count, 0));
      const lengths = Int32Array.from(counts);
      await call(library, 'Allgatherv', part, part.length, float, out, lengths, starts, float, world);
      return out;
    },
    async exchange(values) {
      const slice = values.length / size;
      const out = new Float32Array(values.length);
      await call(library, 'Alltoall', values, slice, float, out, slice, float, world);
      return out;
    },
    async broadcast(values) {
      const type = values instanceof Float32Array ? float : byte;
      for (let start = 0; start < values.length; start += MESSAGE) {
        const part = values.subarray(start, start + MESSAGE);
        await call(library, 'Bcast', part, part.length, type, 0, world);
      }
    },
    barrier: () => meet(library),
  };
}

/** Returns when all ranks have come. */
async function meet(library: MpiLibrary): Promise<void> {
  const { functions, world } = library;
  const request = new BigUint64Array(1); // a pointer or a number
  const status = new BigUint64Array(8);
  const done = [0];
  check(library, functions.Ibarrier(world, request));
  for (let asked = 0; ; asked++) {
    check(library, functions.Test(request, done, status));
    if (done[0] !== 0) return;
    await (asked < EAGER ? immediate() : delay(1));
  }
}

/** Arguments of calls under way: native code has their addresses, and must not lose what is there. */
const inUse = new Set<unknown[]>();

/** Runs a function on a thread of its own. */
async function call(library: MpiLibrary, name: keyof MpiLibrary['functions'], ...values: unknown[]): Promise<void> {
  inUse.add(values);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      library.functions[name].async(...values, (error: Error | null, returned: number) =>
        error ? reject(error) : resolve(returned),
      );
    });
    check(library, code);
  } finally {
    inUse.delete(values);
  }
}

/** @throws LostRankError for what is not MPI_SUCCESS, which is 0 */
function check({ functions }: MpiLibrary, code: number): void {
  if (code === 0) return;
  const text = new Uint8Array(1024);
  const length = [0];
  functions.Error_string(code, text, length);
  const said = new TextDecoder().decode(text.subarray(0, length[0]));
  throw new LostRankError(`another rank ended or cannot be reached (${said}): resume ${remedies().resume}`);
}
