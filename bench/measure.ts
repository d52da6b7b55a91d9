/** Contenders measured side by side: they take turns, and each turn of one is compared with the turns of the others. */
import type { Contender, Ready, Run } from './contender.js';

/** What the last run said, or, of processor time and the bare product, the median run; milliseconds are the first's. */
type OfRuns = Omit<Run, 'seconds'>;

/** What is kept of a contender. Times in seconds, memory in bytes. */
export interface Measurement extends Ready, OfRuns {
  name: string;
  /** Of each turn, warm-up left out. */
  seconds: number[];
  median: number;
  /** Of all measured turns, in seconds. */
  allProcessorSeconds: number;
  /** Largest minus smallest, over the median. */
  spread: number;
}

/**
 * Starts the contenders one after the other, lets each warm up once, then alternates.
 *
 * @param turns measured turns of each
 * @param warmUp false: the first turn counts, for work too slow to be done twice
 */
export async function measure(
  contenders: Contender[],
  { turns, warmUp = true, onTurn }: { turns: number; warmUp?: boolean; onTurn?: (note: string) => void },
): Promise<Measurement[]> {
  const sides: { contender: Contender; ready: Ready; first: Run; runs: Run[] }[] = [];
  try {
    for (const contender of contenders) {
      onTurn?.(`${contender.name}: loading`);
      const ready = await contender.ready();
      const first = await contender.run();
      sides.push({ contender, ready, first, runs: warmUp ? [] : [first] });
    }
    for (let turn = warmUp ? 0 : 1; turn < turns; turn++) {
      for (const { contender, runs } of sides) {
        onTurn?.(`${contender.name}: turn ${turn + 1} of ${turns}`);
        runs.push(await contender.run());
      }
    }
  } finally {
    await Promise.all(contenders.map((contender) => contender.end()));
  }
  return sides.map(({ contender, ready, first, runs }) => {
    const seconds = runs.map((run) => run.seconds);
    const middle = median(seconds);
    const products = runs.flatMap(({ productGigaflops }) => productGigaflops ?? []);
    return {
      name: contender.name,
      ...ready,
      seconds,
      median: middle,
      spread: (Math.max(...seconds) - Math.min(...seconds)) / middle,
      allProcessorSeconds: runs.reduce((sum, run) => sum + run.processorSeconds, 0),
      processorSeconds: median(runs.map((run) => run.processorSeconds)),
      peakBytes: (runs.at(-1) as Run).peakBytes,
      result: (runs.at(-1) as Run).result,
      traceMilliseconds: first.traceMilliseconds,
      sessionMilliseconds: first.sessionMilliseconds,
      ...(products.length > 0 ? { productGigaflops: median(products) } : {}),
    };
  });
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Median over the turns of how many times longer `other` took than `own`. */
export function speedRatio(own: Measurement, other: Measurement): number {
  const turns = Math.min(own.seconds.length, other.seconds.length);
  return median(
    Array.from({ length: turns }, (_, turn) => (other.seconds[turn] as number) / (own.seconds[turn] as number)),
  );
}
