/**
 * Step 3: the batches of an epoch, by paper, and what they are made of.
 */
import { type BatchReport, composition, describeSchedule, type RoleComposition } from '../../batches/composition.js';
import { planEpoch, setComposition } from '../../batches/plan.js';
import type { Config } from '../../config/config.js';
import { trainingPapers } from '../../datasets/dataset.js';
import type { SplitPaper } from '../../datasets/paper.js';
import type { TokenizedPaper } from '../../tokens/token-statistics.js';
import type { Step } from '../step.js';
import type { TokenizedDataset } from './tokens.js';

/** The batches of one epoch. */
export interface EpochSchedule {
  papers: SplitPaper[];
  /** Indices into `papers`. */
  batches: number[][];
  report: BatchReport;
}

export const batchesStep: Step<[SplitPaper[], TokenizedDataset, number], EpochSchedule> = {
  name: 'batches',
  reads: ['batches', 'datasets.categories', 'datasets.sets', 'training.loss', 'seed'],
  async run(config, all, { tokens }, epoch) {
    const papers = trainingPapers(all, config);
    const { shares, tokenBudget } = config.batches;
    const schedule = planEpoch(papers, config, epoch);
    const items = papers.map((paper) => {
      const { title, abstract } = tokens.get(paper.id) as TokenizedPaper;
      const set = paper.pair ? { set: paper.topic } : {};
      return { role: paper.role, ...set, titleLength: title.length, abstractLength: abstract.length };
    });
    const sets = setComposition(papers, schedule.batches, config);
    const report = describeSchedule(items, schedule, { shares, tokenBudget });
    return { papers, batches: schedule.batches, report: { ...report, ...(sets ? { sets } : {}) } };
  },
};

/** Share of a role over the batches of a training, beside its target. */
export type RoleShare = Pick<RoleComposition, 'role' | 'target' | 'actual'>;

/** @param papers that the batches index */
export function trainedShares(config: Pick<Config, 'batches'>, papers: SplitPaper[], batches: number[][]): RoleShare[] {
  return composition(papers, batches, config.batches.shares).map(({ role, target, actual }) => ({
    role,
    target,
    actual,
  }));
}
