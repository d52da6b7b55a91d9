/**
 * How many papers of each role a batch takes: whole numbers as near to the target shares as can be.
 */

/**
 * Quotas by the method of largest remainder, with what rounding owed a role carried into the next batch. Each quota is
 * its exact value rounded down or up, the quotas of a batch sum to its size, and even a role with less than one paper
 * a batch gets its share over several.
 */
export class RoleQuotas {
  /** Normalised to a sum of 1. */
  readonly shares: number[];
  private readonly owed: number[];

  /** @param shares at least 0; where all are 0, every role counts the same */
  constructor(shares: readonly number[]) {
    this.shares = normalized(shares);
    this.owed = shares.map(() => 0);
  }

  /** Quotas of the next batch. */
  next(size: number): number[] {
    const exact = this.shares.map((share) => share * size);
    const quotas = exact.map((value) => Math.floor(value + 1e-9));
    const due = exact.map((value, r) => value - (quotas[r] as number) + (this.owed[r] as number));
    let rest = size - quotas.reduce((sum, quota) => sum + quota, 0);
    for (const r of descending(due)) {
      if (rest > 0 && (this.shares[r] as number) > 0) {
        quotas[r] = (quotas[r] as number) + 1;
        due[r] = (due[r] as number) - 1;
        rest--;
      }
      this.owed[r] = due[r] as number;
    }
    return quotas;
  }
}

/**
 * Gives `count` places to the roles that can still fill them, in the ratio of their shares; a role that runs dry drops
 * out and the others share its places. Roles of share 0 come last.
 *
 * @param take asks role r for `count` papers and returns how many it had
 */
export function fillUp(count: number, shares: readonly number[], take: (role: number, count: number) => number): void {
  let able = shares.map((_, r) => r);
  while (count > 0 && able.length > 0) {
    const quotas = new RoleQuotas(able.map((r) => shares[r] as number)).next(count);
    const stillAble: number[] = [];
    able.forEach((r, i) => {
      const quota = quotas[i] as number;
      const taken = take(r, quota);
      count -= taken;
      if (taken === quota) stillAble.push(r);
    });
    able = stillAble;
  }
}

function normalized(shares: readonly number[]): number[] {
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => (sum > 0 ? share / sum : 1 / shares.length));
}

/** Indices from the largest value to the smallest; equal values in their order. */
function descending(values: readonly number[]): number[] {
  return values.map((_, i) => i).sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
}
