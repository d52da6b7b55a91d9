/** The answering end of a contender in Node: see contender.ts. */
import { createInterface } from 'node:readline';
import type { Ready, Run } from '../contender.js';
import { peakResidentBytes, processorSeconds } from '../memory.js';

/**
 * Announces itself, then times `work` at every "go". The work gives the numbers to compare, and what else is known.
 *
 * @param bareProduct gives GFLOP/s, outside the timed work
 */
export async function answerRuns(
  description: string,
  work: () => Promise<Pick<Run, 'result' | 'traceMilliseconds' | 'sessionMilliseconds'>>,
  bareProduct?: () => Promise<number>,
): Promise<void> {
  const ready: Ready = {
    description,
    loadSeconds: performance.now() / 1000,
    loadProcessorSeconds: processorSeconds(),
    peakBytes: peakResidentBytes(),
  };
  console.log(JSON.stringify(ready));
  for await (const line of createInterface({ input: process.stdin })) {
    if (line !== 'go') break;
    const start = performance.now();
    const processor = processorSeconds();
    const outcome = await work();
    const run: Run = {
      seconds: (performance.now() - start) / 1000,
      processorSeconds: processorSeconds() - processor,
      peakBytes: peakResidentBytes(),
      ...outcome,
    };
    if (bareProduct) run.productGigaflops = await bareProduct();
    console.log(JSON.stringify(run));
  }
}
