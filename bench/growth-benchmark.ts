/** How the cost of a training step grows with batch, sequence, layers, and the pairs of a GradCache batch. */
import { type Contender, nodeContender } from './contender.js';
import { GROWTH_WORK, type GrowthContenderOptions } from './growth-work.js';
import { type Measurement, measure, speedRatio } from './measure.js';
import { randomModelFolder } from './random-model.js';
import { randomAdapterFolder } from './shape-benchmark.js';
import { halfBillionWidth } from './shapes.js';

export const GROWTH_AXES = ['batch', 'sequence', 'layers', 'pairs'] as const;

export interface GrowthPoint {
  /** What grows. */
  axis: (typeof GROWTH_AXES)[number];
  /** Its value. */
  value: number;
  /** The way the step is taken: see growth-work.ts. */
  note: string;
  tokens: number;
  seconds: number;
  processorSeconds: number;
  peakBytes: number;
}

export interface GrowthResult {
  description: string;
  points: GrowthPoint[];
  /** Each way to take a step over the pairs, as a multiple of the plain steps on the same texts. */
  gradCache: { pairs: number; work: string; ratio: number; processorRatio: number }[];
}

export interface GrowthOptions {
  models: string;
  threads: number;
  turns: number;
  axes: GrowthPoint['axis'][];
  onTurn?: (note: string) => void;
}

interface Size {
  layers: number;
  batch: number;
  sequence: number;
}

const USUAL: Size = { layers: 2, batch: 4, sequence: 256 };

export async function benchmarkGrowth(options: GrowthOptions): Promise<GrowthResult> {
  const points: GrowthPoint[] = [];
  const { axes } = options;

  async function contender(work: GrowthContenderOptions['work'], size: Size): Promise<Contender> {
    const config = halfBillionWidth(size.layers);
    return nodeContender(work, 'growth', {
      model: await randomModelFolder(options.models, config),
      adapter: await randomAdapterFolder(options.models, config),
      threads: options.threads,
      work,
      batch: size.batch,
      sequence: size.sequence,
    } satisfies GrowthContenderOptions);
  }
  async function addPoints(
    axis: GrowthPoint['axis'],
    value: number,
    works: readonly GrowthContenderOptions['work'][],
    changes: Partial<Size>,
  ): Promise<Measurement[]> {
    if (!axes.includes(axis)) return [];
    const size = { ...USUAL, ...changes };
    const measured = await measure(await Promise.all(works.map((work) => contender(work, size))), options);
    for (const { name, median, processorSeconds, peakBytes } of measured) {
      const tokens = size.batch * size.sequence;
      points.push({ axis, value, note: name, tokens, seconds: median, processorSeconds, peakBytes });
    }
    return measured;
  }

  for (const batch of [1, 2, 4, 8]) await addPoints('batch', batch, ['whole-graph'], { batch });
  for (const sequence of [64, 128, 256, 512]) await addPoints('sequence', sequence, ['whole-graph'], { sequence });
  for (const layers of [1, 2, 4]) await addPoints('layers', layers, ['layerwise'], { layers });
  const gradCache: GrowthResult['gradCache'] = [];
  for (const pairs of [8, 32]) {
    const works = GROWTH_WORK.filter((work) => work !== 'whole-graph');
    const measured = await addPoints('pairs', pairs, works, { batch: 2 * pairs, sequence: 128 });
    const plain = measured[0];
    for (const other of plain ? measured.slice(1) : []) {
      gradCache.push({
        pairs,
        work: other.name,
        ratio: speedRatio(plain!, other),
        processorRatio: other.processorSeconds / plain!.processorSeconds,
      });
    }
  }
  return {
    description: `Qwen2.5-0.5B width, ${USUAL.layers} layers, ${USUAL.batch} x ${USUAL.sequence} tokens where nothing else is said`,
    points,
    gradCache,
  };
}
