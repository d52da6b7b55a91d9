/** The gradient of a step, summed over ranks, and how well the work was divided. */
import type { CommunicationTime, Communicator } from '../distributed/communicator.js';
import { fromAllRanks } from '../distributed/messages.js';
import type { Encoder } from '../encoder/encoder.js';
import type { Gradients } from '../encoder/execution-plan.js';
import { tokenTableName } from '../models/parameters.js';

/** Numbers of each gradient that a backward pass gives, in one order on every rank. */
export function gradientSizes(encoder: Encoder, embeddingRows: Int32Array | undefined): Map<string, number> {
  const table = tokenTableName(encoder.base.config);
  return new Map(
    [...(encoder.trained ?? [])].map(([name, { shape, data }]) => [
      name,
      name === table && embeddingRows ? embeddingRows.length * (shape[1] as number) : data.length,
    ]),
  );
}

/** Replaces the gradients of this rank, of which it may have none, by those of the batch. */
export async function sumOverRanks(
  communicator: Communicator,
  gradients: Gradients,
  sizes: ReadonlyMap<string, number>,
): Promise<void> {
  if (communicator.size === 1) return;
  const flat = new Float32Array([...sizes.values()].reduce((total, size) => total + size, 0));
  let start = 0;
  for (const [name, size] of sizes) {
    const own = gradients.get(name);
    if (own && own.length !== size) throw new Error(`the gradient of ${name} has length ${own.length}, not ${size}`);
    if (own) flat.set(own, start);
    start += size;
  }
  const known = [...gradients.keys()].filter((name) => !sizes.has(name));
  if (known.length > 0) throw new Error(`gradients of what is not trained: ${known.join(', ')}`);
  await communicator.allReduce(flat);
  start = 0;
  for (const [name, size] of sizes) {
    gradients.set(name, flat.subarray(start, start + size));
    start += size;
  }
}

/** How the work of a sitting was divided among ranks. */
export interface RankReport {
  ranks: number;
  /** Share of the time of steps, summed over ranks, in which a rank waited for a slower one, 0 to 1. */
  waitingShare: number;
  /** Of the rank that waited most. */
  largestWaitingShare: number;
  /** Share of that time in which embeddings and gradients were moved. */
  exchangeShare: number;
  /** Share of the padded tokens that each rank had. */
  tokenShares: number[];
}

export class RankRecorder {
  private milliseconds = 0;
  private waiting = 0;
  private exchanging = 0;
  private readonly tokens: number[] = [];

  /** @param since the communicator's time before the step */
  add(
    milliseconds: number,
    { time }: Communicator,
    since: CommunicationTime,
    batches: readonly { rankTokens: readonly number[] }[],
  ): void {
    this.milliseconds += milliseconds;
    this.waiting += time.waiting - since.waiting;
    this.exchanging += time.exchanging - since.exchanging;
    for (const { rankTokens } of batches)
      rankTokens.forEach((tokens, rank) => {
        this.tokens[rank] = (this.tokens[rank] ?? 0) + tokens;
      });
  }

  /** Collective; null in one process, and where no step was taken. */
  async report(communicator: Communicator): Promise<RankReport | null> {
    if (communicator.size === 1 || this.milliseconds === 0) return null;
    const all = await fromAllRanks(communicator, [this.milliseconds, this.waiting, this.exchanging]);
    const sum = (of: number): number => all.reduce((total, numbers) => total + (numbers[of] as number), 0);
    const tokens = this.tokens.reduce((total, own) => total + own, 0);
    return {
      ranks: communicator.size,
      waitingShare: sum(1) / sum(0),
      largestWaitingShare: Math.max(...all.map(([total = 1, waiting = 0]) => waiting / total)),
      exchangeShare: sum(2) / sum(0),
      tokenShares: this.tokens.map((own) => own / tokens),
    };
  }
}
