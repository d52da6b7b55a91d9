/**
 * The sum of an array over ranks, to the same bits everywhere and always. MPI_Allreduce may add in any order, and
 * libraries do choose it by size and by where the ranks run. Here every rank gets one slice of all others, adds it in the
 * order of ranks in 64 bits, and the sums are gathered: as much traffic as a ring would have, 2 (R - 1) / R of the array
 * for each of R ranks.
 */
import type { Transport } from './transport.js';

/** Numbers moved at once, so that buffers stay small beside a large model's gradients. */
const CHUNK = 2 ** 24;

/** Replaces `values`, of the same length on every rank, by their sum over ranks. */
export async function sumInRankOrder(
  transport: Pick<Transport, 'size' | 'allGather' | 'exchange'>,
  values: Float32Array,
  chunk = CHUNK,
): Promise<void> {
  const { size } = transport;
  for (let start = 0; start < values.length; start += chunk) {
    const part = values.subarray(start, start + chunk);
    const slice = Math.ceil(part.length / size);
    const padded = new Float32Array(slice * size);
    padded.set(part);
    const received = await transport.exchange(padded);
    const sum = new Float32Array(slice);
    for (let i = 0; i < slice; i++) {
      let total = 0;
      for (let rank = 0; rank < size; rank++) total += received[rank * slice + i] as number;
      sum[i] = total;
    }
    const gathered = await transport.allGather(sum, new Array<number>(size).fill(slice));
    part.set(gathered.subarray(0, part.length));
  }
}
