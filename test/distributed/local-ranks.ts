/** Ranks that are concurrent calls in this process: what they tell each other waits in memory until all have come. */
import { type Communicator, communicatorOver } from '../../lib/distributed/communicator.js';
import type { Transport } from '../../lib/distributed/transport.js';

/** Each rank brings a value; all get those of all ranks. A rank whose call is of another kind fails the test. */
function meetingPlace(size: number) {
  let waiting: { kind: string; values: unknown[]; came: number; open: () => void; opened: Promise<void> } | null = null;
  return async <T>(rank: number, kind: string, value: T): Promise<T[]> => {
    if (!waiting) {
      let open = (): void => undefined;
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      waiting = { kind, values: [], came: 0, open, opened };
    }
    const meeting = waiting;
    if (meeting.kind !== kind) throw new Error(`rank ${rank} calls ${kind} where others call ${meeting.kind}`);
    meeting.values[rank] = value;
    meeting.came++;
    if (meeting.came === size) {
      waiting = null;
      meeting.open();
    }
    await meeting.opened;
    return meeting.values as T[];
  };
}

export function localTransports(size: number): Transport[] {
  const meet = meetingPlace(size);
  return Array.from({ length: size }, (_, rank): Transport => {
    return {
      rank,
      size,
      localSize: size,
      async allGather(part, counts) {
        if (part.length !== counts[rank]) throw new Error(`rank ${rank} brings ${part.length}, not ${counts[rank]}`);
        const parts = await meet(rank, 'allGather', part.slice());
        return Float32Array.from(parts.flatMap((values) => [...values]));
      },
      async exchange(values) {
        const slice = values.length / size;
        const all = await meet(rank, 'exchange', values.slice());
        return Float32Array.from(all.flatMap((sent) => [...sent.subarray(rank * slice, (rank + 1) * slice)]));
      },
      async broadcast(values) {
        const [first] = await meet(rank, 'broadcast', values.slice());
        values.set(first as Float32Array);
      },
      barrier: async () => void (await meet(rank, 'barrier', null)),
    };
  });
}

/** Runs the work of all ranks to the end. */
export async function onLocalRanks<T>(size: number, work: (communicator: Communicator) => Promise<T>): Promise<T[]> {
  const ended = await Promise.allSettled(localTransports(size).map((transport) => work(communicatorOver(transport))));
  return ended.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}
