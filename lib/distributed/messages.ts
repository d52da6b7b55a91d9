/** What ranks tell each other besides gradients: a flag, a small object, the tensors of a model. */
import type { Communicator } from './communicator.js';

/** Whether the flag is set on some rank; then all of them hear it at the same place. */
export async function anyRank(communicator: Communicator, flag: boolean): Promise<boolean> {
  return (await fromAllRanks(communicator, [flag ? 1 : 0])).some(([value]) => value === 1);
}

/** As many numbers from every rank, by rank; in 32 bits where there are several. */
export async function fromAllRanks(communicator: Communicator, numbers: readonly number[]): Promise<number[][]> {
  const { size } = communicator;
  if (size === 1) return [[...numbers]];
  const all = await communicator.allGather(Float32Array.from(numbers), new Array<number>(size).fill(numbers.length));
  return Array.from({ length: size }, (_, rank) => [
    ...all.subarray(rank * numbers.length, (rank + 1) * numbers.length),
  ]);
}

/** The value of rank 0, which JSON can hold. */
export async function broadcastJson<T>(communicator: Communicator, value: T): Promise<T> {
  if (communicator.size === 1) return value;
  const own = communicator.rank === 0 ? new TextEncoder().encode(JSON.stringify(value)) : new Uint8Array();
  const length = new Uint8Array(Float64Array.of(own.length).buffer);
  await communicator.broadcast(length);
  const bytes = communicator.rank === 0 ? own : new Uint8Array(new Float64Array(length.buffer)[0] as number);
  await communicator.broadcast(bytes);
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}

/** The tensors of rank 0, written over those of the other ranks, which have the same sizes. */
export async function broadcastArrays(communicator: Communicator, arrays: Iterable<Float32Array>): Promise<void> {
  for (const array of arrays) await communicator.broadcast(array);
}
