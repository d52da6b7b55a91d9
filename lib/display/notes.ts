/** What a reader of a report must know beside its numbers: that a run is unfinished, what was chosen how, what did not join. */
import { agreeing } from '../core/quantity.js';
import { describeJoins } from '../evaluation/joins.js';
import type { Report } from '../evaluation/report.js';
import { describeStrength } from '../training/adapter-strength.js';
import { formatCount, formatQuantity } from './format.js';
import { trainingNotes } from './training-notes.js';

/** What stands above any number of a run that is not finished; nothing of others. */
export function unfinishedNote({ run }: Pick<Report, 'run'>): string[] {
  if (!run || run.state === 'finished' || run.state === 'not started') return [];
  const { name, state, step, totalSteps, usedStep } = run;
  const used =
    usedStep === null
      ? 'it has no encoder yet'
      : `"tuned" is its best encoder so far, of step ${formatCount(usedStep)}`;
  return [
    `UNFINISHED: the run "${name}" ${state === 'stopped' ? 'was ' : ''}${state} at step ${formatCount(step)} of ${totalSteps === 0 ? '?' : formatCount(totalSteps)}; ${used}.`,
  ];
}

/** How much of the training is kept, how hybrids were fused, and what of corpus, queries and judgements did not fit together. */
export function reportNotes(report: Pick<Report, 'systems' | 'joins' | 'run' | 'training' | 'config'>): string[] {
  const { systems, joins, run } = report;
  const tuned = run?.strength ? systems.filter(({ kind }) => kind === 'tuned') : [];
  const strengths = tuned.map(({ name }) => `${name}: ${describeStrength(run!.strength!)}`);
  const fusions = systems.flatMap(({ name, fusion }) => {
    if (!fusion) return [];
    const { description, chosenOn } = fusion;
    const how = chosenOn
      ? `chosen on ${formatQuantity(chosenOn.queries, chosenOn.keptOut ? 'queries kept out of this report' : 'validation queries')}`
      : 'the default, as there was nothing to choose it by';
    return [`${name}: ${description}, ${how}`];
  });
  const leftOut = systems.flatMap(({ name, withoutTokens }) =>
    withoutTokens
      ? [
          `${name}: ${formatQuantity(withoutTokens.documents, 'documents')} without a token ${agreeing(withoutTokens.documents, 'is', 'are')} not found, ${formatQuantity(withoutTokens.queries, 'queries')} without one ${agreeing(withoutTokens.queries, 'counts', 'count')} 0`,
        ]
      : [],
  );
  return [...trainingNotes(report), ...strengths, ...fusions, ...leftOut, ...(joins ? describeJoins(joins) : [])];
}
