/** What a run of the benchmark leaves in bench/results/. */
import type { EpochResult } from './epoch-benchmark.js';
import type { GrowthResult } from './growth-benchmark.js';
import type { ShapeResult } from './shape-benchmark.js';

export interface BenchmarkResults {
  schemaVersion: 1;
  /** ISO 8601 */
  started: string;
  environment: Record<string, string | number>;
  shapes: ShapeResult[];
  growth?: GrowthResult;
  epoch?: EpochResult;
}
