/** Which micro-batches of a batch keep activations from the first to the second pass of GradCache, and how much. */
import type { Encoder } from '../encoder/encoder.js';

/** First what each part keeps at least, which saves the most work a byte; then more for one part after the other. */
export function allotMemory(
  encoder: Encoder,
  parts: readonly { rows: number[]; activationBudget: number }[],
  lengths: readonly number[],
  budget: number,
): void {
  const sizes = parts.map(({ rows }) =>
    encoder.plan.savedBytes(rows.length * Math.max(...rows.map((row) => lengths[row] as number))),
  );
  let left = budget;
  parts.forEach((part, i) => {
    const { least } = sizes[i]!;
    if (least <= left) part.activationBudget = least;
    left -= part.activationBudget;
  });
  parts.forEach((part, i) => {
    const { least, most } = sizes[i]!;
    if (part.activationBudget < least) return;
    const more = Math.min(most - least, left);
    part.activationBudget += more;
    left -= more;
  });
}
