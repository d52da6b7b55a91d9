/** How the cost of a training step grows with batch, sequence, layers, and the pairs of a GradCache batch. */
import { nodeContender } from './contender.js';
import type { GrowthContenderOptions } from './contenders/growth.js';
import { measure } from './measure.js';
import { randomModelFolder } from './random-model.js';
import { randomAdapterFolder } from './shape-benchmark.js';
import { halfBillionWidth } from './shapes.js';

export interface GrowthPoint {
  /** What grows. */
  axis: 'batch' | 'sequence' | 'layers' | 'GradCache pairs';
  /** Its value. */
  value: number;
  /** What the point measures, where an axis has several. */
  note: string;
  tokens: number;
  seconds: number;
  processorSeconds: number;
  peakBytes: number;
}

export interface GrowthResult {
  description: string;
  points: GrowthPoint[];
  /**
   * Seconds of a GradCache step over those of plain layer-granular steps on the same pairs: with all layer inputs kept,
   * and with none.
   */
  gradCache: { pairs: number; kept: number; recomputed: number }[];
}

export interface GrowthOptions {
  models: string;
  threads: number;
  turns: number;
  onTurn?: (note: string) => void;
}

const LAYERS = 2;
const BATCH = 4;
const SEQUENCE = 256;

export async function benchmarkGrowth(options: GrowthOptions): Promise<GrowthResult> {
  const points: GrowthPoint[] = [];
  const point = async (
    axis: GrowthPoint['axis'],
    value: number,
    work: GrowthContenderOptions['work'],
    size: { layers?: number; batch?: number; sequence?: number } = {},
  ): Promise<GrowthPoint> => {
    const { layers = LAYERS, batch = BATCH, sequence = SEQUENCE } = size;
    const config = halfBillionWidth(layers);
    const contender = nodeContender(`growth with ${axis}, ${value}`, 'growth', {
      model: await randomModelFolder(options.models, config),
      adapter: await randomAdapterFolder(options.models, config),
      threads: options.threads,
      work,
      batch,
      sequence,
    } satisfies GrowthContenderOptions);
    const [measured] = await measure([contender], options);
    const { median, processorSeconds, peakBytes } = measured!;
    const made = { axis, value, note: work, tokens: batch * sequence, seconds: median, processorSeconds, peakBytes };
    points.push(made);
    return made;
  };

  for (const batch of [1, 2, 4, 8]) await point('batch', batch, 'whole-graph', { batch });
  for (const sequence of [64, 128, 256, 512]) await point('sequence', sequence, 'whole-graph', { sequence });
  for (const layers of [1, 2, 4]) await point('layers', layers, 'layer-granular', { layers });
  const gradCache: GrowthResult['gradCache'] = [];
  for (const pairs of [8, 16, 32]) {
    const size = { batch: 2 * pairs, sequence: 128 };
    const plain = await point('GradCache pairs', pairs, 'layer-granular', size);
    const kept = await point('GradCache pairs', pairs, 'GradCache, layer inputs kept', size);
    const recomputed = await point('GradCache pairs', pairs, 'GradCache, nothing kept', size);
    gradCache.push({ pairs, kept: kept.seconds / plain.seconds, recomputed: recomputed.seconds / plain.seconds });
  }
  return {
    description: `Qwen2.5-0.5B width, ${LAYERS} layers, ${BATCH} x ${SEQUENCE} tokens where nothing else is said`,
    points,
    gradCache,
  };
}
