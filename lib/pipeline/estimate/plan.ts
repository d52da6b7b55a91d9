/**
 * How long a corpus takes, and how much disk and memory, from what one machine was measured to do. Plain arithmetic: each
 * line of the result can be checked by hand.
 */

/** What one machine does, as the probe measured it. */
export interface MachineRates {
  /** Texts tokenized per second. */
  tokenizing: number;
  /** Tokens encoded per second, forward pass alone. */
  encoding: number;
  /** Tokens of titles and abstracts trained on per second, all passes of a step together. */
  training: number;
  /** Numbers of stored vectors compared with a query per second, by exact search. */
  scoring: number;
  /** Bytes of memory that the process took at most. */
  peakMemory: number;
}

/** How much there is to do. */
export interface Workload {
  /** Abstracts to encode and to search. */
  texts: number;
  /** Tokens, within the limits in use. */
  meanTitleTokens: number;
  meanAbstractTokens: number;
  /** Dimensions of an embedding. */
  dimensions: number;
  /** Optimizer steps, and title-abstract pairs in each. */
  steps: number;
  pairs: number;
  /** Numbers that are trained: their gradients are summed over the machines at every step. */
  trainable: number;
  machines: number;
  /** Of an hour of one machine, in any currency; null where it is not known. */
  price: number | null;
}

/** What a corpus takes: times in seconds, a query in milliseconds, space in bytes. */
export interface Estimate {
  /** Seconds. */
  encoding: { one: number; all: number };
  /** Seconds; `waiting` is the share of `all` in which gradients travel. */
  training: { one: number; all: number; waiting: number };
  /** Milliseconds a query, all vectors compared. */
  search: number;
  /** Bytes on disk. */
  disk: { float32: number; int8: number; binary: number; tokens: number };
  /** Bytes of memory: of the process that encodes or trains, and of all vectors in float32. */
  memory: { process: number; exactSearch: number };
  /** Of encoding and training, on one machine and on all; null without a price. */
  cost: { one: number; all: number } | null;
}

/** Bytes a second that one gigabit Ethernet carries, less its headers. */
export const GIGABIT = 117e6;

export function planWork(rates: MachineRates, work: Workload, network = GIGABIT): Estimate {
  const { texts, machines, dimensions } = work;
  const encoding = texts / rates.tokenizing + (texts * work.meanAbstractTokens) / rates.encoding;
  const training = (work.steps * work.pairs * (work.meanTitleTokens + work.meanAbstractTokens)) / rates.training;
  // a ring: every machine sends and receives 2 (N - 1) / N of the gradients
  const travelling = (work.steps * 2 * ((machines - 1) / machines) * 4 * work.trainable) / network;
  const trainingOnAll = training / machines + travelling;
  const encodingOnAll = encoding / machines;
  const vectors = 4 * texts * dimensions;
  const cost = (seconds: number, count: number): number => (seconds / 3600) * count * (work.price ?? 0);
  return {
    encoding: { one: encoding, all: encodingOnAll },
    training: {
      one: training,
      all: trainingOnAll,
      waiting: trainingOnAll === 0 ? 0 : travelling / trainingOnAll,
    },
    search: (1000 * texts * dimensions) / rates.scoring,
    disk: {
      float32: vectors,
      int8: texts * dimensions,
      binary: texts * Math.ceil(dimensions / 8),
      tokens: 4 * texts * (work.meanTitleTokens + work.meanAbstractTokens),
    },
    memory: { process: rates.peakMemory, exactSearch: vectors },
    cost:
      work.price === null
        ? null
        : { one: cost(encoding + training, 1), all: cost(encodingOnAll + trainingOnAll, machines) },
  };
}
