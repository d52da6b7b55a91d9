/** Early stopping (Prechelt, 1998, "Early stopping, but when?"): training ends when validations have stopped improving. */
import type { ValidationPoint } from './history.js';

/** Whether the last `patience` validations all failed to beat the best before them; never where it is null. */
export function isPatienceOver(validations: readonly ValidationPoint[], patience: number | null): boolean {
  if (patience === null) return false;
  const scores = validations.map(({ mrr }) => mrr);
  return scores.length - 1 - scores.indexOf(Math.max(...scores)) >= patience;
}
