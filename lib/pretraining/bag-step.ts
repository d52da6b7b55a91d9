/**
 * One step of the contrastive training of token vectors: which papers it sees, and the loss on them with the gradient of
 * the table. A step is a function of the seed, the phase and its number, so that a resumed training repeats its bits.
 *
 *   V vocabulary, D width of a token's vector
 */
import { WorkError } from '../core/errors.js';
import { Random } from '../core/random.js';
import type { Loss } from '../losses/loss.js';
import { bagVectors, tableGradient } from './embedding-bag.js';
import type { ValidationBags } from './retrieval-quality.js';
import { packBags, type Saturation } from './token-bags.js';
import { clozePair, dropBagTokens, type PaperTokens } from './training-pairs.js';

/** A stretch of training with settings of its own; see `pretraining` of the configuration for each. */
export interface BagPhase {
  steps: number;
  pairs: number;
  hardNegatives: number;
  learningRate: number;
}

export interface BagTrainingSettings {
  seed: number;
  phases: readonly BagPhase[];
  saturation: Saturation;
  titleDropout: number;
  abstractDropout: number;
  clozePairs: number;
  clozeWeight: number;
  warmupShare: number;
  averagedShare: number;
  validateEvery: number;
}

export interface BagTrainingData {
  papers: readonly PaperTokens[];
  /** For each paper, others whose abstracts are hard to tell from its own; asked for once a phase needs them. */
  negatives(): readonly Int32Array[];
  validation: ValidationBags;
  vocabularySize: number;
  width: number;
}

/** The papers of each step: whole batches of a shuffled order, a new order every epoch. */
export class PhaseBatches {
  private epoch = -1;
  private order: number[] = [];
  private readonly perEpoch: number;

  constructor(
    private readonly papers: number,
    private readonly phase: BagPhase,
    private readonly seed: number,
    private readonly phaseIndex: number,
  ) {
    this.perEpoch = Math.max(1, Math.floor(papers / phase.pairs));
  }

  at(step: number): { papers: number[]; random: Random } {
    const epoch = Math.floor(step / this.perEpoch);
    if (epoch !== this.epoch) {
      const all = Array.from({ length: this.papers }, (_, i) => i);
      this.order = new Random(this.seed, 'papers', this.phaseIndex, epoch).shuffle(all);
      this.epoch = epoch;
    }
    const start = (step % this.perEpoch) * this.phase.pairs;
    const random = new Random(this.seed, 'texts', this.phaseIndex, step);
    return { papers: this.order.slice(start, start + this.phase.pairs), random };
  }
}

/**
 * The loss on titles and abstracts of the batch, and on its cloze pairs.
 *
 * @param table [V, D]  @param negatives hard negatives of each paper; empty where the phase wants none
 * @returns `gradient` [V, D]
 */
export async function lossAndGradient(
  table: Float32Array,
  { papers: batch, random }: { papers: number[]; random: Random },
  negatives: readonly Int32Array[],
  { papers, width, vocabularySize }: Pick<BagTrainingData, 'papers' | 'width' | 'vocabularySize'>,
  { hardNegatives, ...settings }: BagTrainingSettings & Pick<BagPhase, 'hardNegatives'>,
  loss: Loss,
): Promise<{ loss: number; gradient: Float32Array }> {
  const documents = [...batch, ...pickNegatives(batch, negatives, hardNegatives, random)];
  const cloze = distinct(settings.clozePairs, papers.length, random).map((i) => clozePair(papers[i]!.abstract, random));
  const groups = [
    batch.map((i) => dropBagTokens(papers[i]!.title, settings.titleDropout, random)),
    documents.map((i) => dropBagTokens(papers[i]!.abstract, settings.abstractDropout, random)),
    cloze.map(({ piece }) => piece),
    cloze.map(({ rest }) => rest),
  ] as const;
  const bags = packBags(groups.flat(), vocabularySize, settings.saturation);
  const vectors = bagVectors(table, width, bags);
  let end = 0;
  const [titles, abstracts, pieces, rests] = groups.map((texts) => {
    const start = end;
    end += texts.length * width;
    return vectors.subarray(start, end);
  }) as [Float32Array, Float32Array, Float32Array, Float32Array];

  const main = await loss.compute(titles, abstracts);
  titles.set(main.queryGradient);
  abstracts.set(main.documentGradient);
  let value = main.loss;
  if (cloze.length > 0) {
    const { loss: clozeLoss, queryGradient, documentGradient } = await loss.compute(pieces, rests);
    const weight = settings.clozeWeight;
    pieces.set(queryGradient.map((gradient) => weight * gradient));
    rests.set(documentGradient.map((gradient) => weight * gradient));
    value += weight * clozeLoss;
  }
  if (!Number.isFinite(value)) {
    throw new WorkError(
      `the loss is ${value}: training diverged; lower the learningRate of pretraining.phases or raise pretraining.temperature`,
    );
  }
  // the vectors have been replaced by their gradients
  return { loss: value, gradient: tableGradient(vectors, width, bags, vocabularySize) };
}

/** Some of the integers below `bound`, all if there are fewer; each once. */
function distinct(count: number, bound: number, random: Random): number[] {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(count, bound)) chosen.add(random.integer(bound));
  return [...chosen];
}

/** For each paper of the batch some of its hard negatives; none that is in the batch, where it would be a positive. */
function pickNegatives(
  batch: readonly number[],
  negatives: readonly Int32Array[],
  each: number,
  random: Random,
): number[] {
  if (each === 0) return [];
  const positives = new Set(batch);
  return batch.flatMap((paper) => {
    const candidates = Array.from(negatives[paper]!).filter((i) => !positives.has(i));
    return random.shuffle(candidates).slice(0, each);
  });
}
