import { describe, expect, it } from 'vitest';
import { Random } from '../../../lib/core/random.js';
import { bootstrapMeans, quantile } from '../../../lib/evaluation/statistics/bootstrap.js';
import { holmCorrection, randomizationTest } from '../../../lib/evaluation/statistics/randomization.js';

function normals(seed: number, n: number, mean: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: n }, () => mean + random.normal());
}

describe('bootstrap', () => {
  it('gives the interval that theory expects of a mean: about 1.96 standard errors to each side', () => {
    const [interval] = bootstrapMeans([normals(1, 2500, 5)], { seed: 3, samples: 4000 });
    const { value, low, high } = interval!;
    expect(value).toBeCloseTo(5, 1);
    // standard error 1/50; the interval's own sampling error is a few percent
    expect((high - low) / (2 * 1.96 * 0.02)).toBeGreaterThan(0.93);
    expect((high - low) / (2 * 1.96 * 0.02)).toBeLessThan(1.07);
    expect(value - low).toBeGreaterThan(0);
  });

  it('covers the true mean about 95 times in 100', () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const [interval] = bootstrapMeans([normals(seed, 80, 0)], { seed, samples: 400 });
      if (interval!.low <= 0 && interval!.high >= 0) covered++;
    }
    expect(covered).toBeGreaterThan(178);
    expect(covered).toBeLessThan(199);
  });

  it('is paired: a constant difference has no width, however wide the systems', () => {
    const a = normals(2, 200, 0);
    const b = a.map((value) => value + 0.25);
    const [wide, , difference] = bootstrapMeans([a, b, b.map((value, i) => value - a[i]!)], { seed: 1 });
    expect(wide!.high - wide!.low).toBeGreaterThan(0.2);
    expect(difference!.low).toBeCloseTo(0.25, 12);
    expect(difference!.high).toBeCloseTo(0.25, 12);
  });

  it('is a function of the seed', () => {
    const values = [normals(3, 50, 0)];
    expect(bootstrapMeans(values, { seed: 1 })).toEqual(bootstrapMeans(values, { seed: 1 }));
    expect(bootstrapMeans(values, { seed: 1 })).not.toEqual(bootstrapMeans(values, { seed: 2 }));
  });

  it('leaves undefined values out, and says NaN where nothing is defined', () => {
    const [some, none, empty] = [
      ...bootstrapMeans([Float64Array.of(1, Number.NaN, 3), new Float64Array(3).fill(Number.NaN)], { seed: 1 }),
      ...bootstrapMeans([new Float64Array(0)], { seed: 1 }),
    ];
    expect(some!.value).toBe(2);
    expect(some!.low).toBe(1);
    expect(none!.value).toBeNaN();
    expect(empty!.low).toBeNaN();
  });

  it('refuses series of different lengths', () => {
    expect(() => bootstrapMeans([new Float64Array(2), new Float64Array(3)], { seed: 1 })).toThrow(/2 and 3/);
  });

  it('interpolates quantiles as numpy does', () => {
    expect(quantile(Float64Array.of(1, 2, 4, 8), 0.4)).toBeCloseTo(2.4, 12); // np.quantile([1, 2, 4, 8], .4)
    expect(quantile(Float64Array.of(1, 2, 4, 8), 1)).toBe(8);
  });
});

describe('randomization test', () => {
  /** All 2^n sign patterns. */
  function exactP(differences: number[]): number {
    const observed = Math.abs(differences.reduce((a, b) => a + b));
    let asFar = 0;
    for (let pattern = 0; pattern < 2 ** differences.length; pattern++) {
      const sum = differences.reduce((total, value, i) => total + ((pattern >> i) & 1 ? value : -value), 0);
      if (Math.abs(sum) >= observed - 1e-9) asFar++;
    }
    return asFar / 2 ** differences.length;
  }

  it.each([
    [[0.5, 0.25, 0.3, -0.1, 0.2, 0.4, 0.05, 0.6]],
    [[1, 1, 1, -1, 1, 0, 1, 1, -1, 1, 1, 1]],
    [[0.1, -0.1, 0.3, -0.2]],
  ])('agrees with all sign patterns of %j', (differences) => {
    const p = randomizationTest(Float64Array.from(differences), { seed: 5, samples: 40_000 });
    expect(p).toBeCloseTo(exactP(differences), 1.8);
    expect(Math.abs(p - exactP(differences))).toBeLessThan(0.01);
  });

  it('is uniform where there is no difference', () => {
    const low = Array.from({ length: 200 }, (_, seed) =>
      randomizationTest(normals(seed, 30, 0), { seed, samples: 400 }),
    );
    const share = low.filter((p) => p <= 0.1).length / low.length;
    expect(share).toBeGreaterThan(0.04);
    expect(share).toBeLessThan(0.17);
  });

  it('does not depend on which system comes first, and is 1 for equal systems', () => {
    const differences = normals(8, 40, 0.2);
    const options = { seed: 1, samples: 20_000 };
    const there = randomizationTest(differences, options);
    const back = randomizationTest(
      differences.map((value) => -value),
      options,
    );
    expect(there).toBeCloseTo(back, 2);
    expect(randomizationTest(new Float64Array(50), options)).toBe(1);
  });
});

describe('Holm correction', () => {
  it('gives the adjusted values of R: p.adjust(c(.01, .04, .03, .005), "holm")', () => {
    const corrected = holmCorrection([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((value, i) => {
      expect(corrected[i]).toBeCloseTo(value, 12);
    });
  });

  it('never exceeds 1 and keeps a single p', () => {
    expect(holmCorrection([0.7, 0.9, 0.8])).toEqual([1, 1, 1]);
    expect(holmCorrection([0.2])).toEqual([0.2]);
    expect(holmCorrection([])).toEqual([]);
  });
});
