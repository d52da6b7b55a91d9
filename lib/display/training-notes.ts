/** What a reader of a report has to know of the training behind it, in a sentence each. */
import type { Report } from '../evaluation/report.js';
import { formatCount, formatQuantity } from './format.js';

/** What a reader of the curves has to know: steps that changed nothing, and an end before that of the schedule. */
export function trainingNotes({ training, run, config }: Pick<Report, 'training' | 'run' | 'config'>): string[] {
  if (!training) return [];
  const { steps, validations, skipped = [], plannedSteps } = training;
  const taken = Math.max(0, ...[...steps, ...skipped, ...validations].map(({ step }) => step));
  const notes: string[] = [];
  if (skipped.length > 0) {
    const shown = skipped.slice(0, 5).map(({ step, reason }) => `${formatCount(step)} (${reason})`);
    const more = skipped.length > shown.length ? `, and ${formatCount(skipped.length - shown.length)} more` : '';
    notes.push(
      `Training passed over ${formatQuantity(skipped.length, 'steps')} of ${formatCount(taken)}, which changed nothing: step ${shown.join(', ')}${more}.`,
    );
  }
  if (run?.state === 'finished' && plannedSteps !== undefined && taken < plannedSteps) {
    const { patience } = config.training;
    notes.push(
      `Training ended early, after step ${formatCount(taken)} of ${formatCount(plannedSteps)}: ${patience === null ? 'its validations' : formatQuantity(patience, 'validations')} in a row were not better than the best.`,
    );
  }
  return notes;
}
