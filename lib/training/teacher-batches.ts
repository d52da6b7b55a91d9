/** What a teacher says of the batches of a training: its texts as the batch sees them, own documents first. */
import type { Teacher } from '../losses/teacher.js';
import type { TrainingOptions } from './training-options.js';

/**
 * @param pairs texts of all pairs trained on, in the order that batches index
 * @param extraOf texts of the documents that join those of a batch, as `negativesOf` has them
 */
export function teacherBatches(
  teacher: Teacher,
  pairs: readonly { query: string; document: string }[],
  extraOf: (pairs: readonly number[], epoch: number) => readonly string[] = () => [],
): NonNullable<TrainingOptions['teacherOf']> {
  return (batch, epoch) => {
    const members = batch.map((place) => pairs[place] as { query: string; document: string });
    return teacher.batch(
      members.map(({ query }) => query),
      [...members.map(({ document }) => document), ...extraOf(batch, epoch)],
    );
  };
}
