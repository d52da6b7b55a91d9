import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composition, describeSchedule } from '../../lib/batches/composition.js';
import { type BatchItem, scheduleBatches } from '../../lib/batches/schedule.js';
import { ROLES, type Role } from '../../lib/config/config.js';
import { UserError } from '../../lib/core/errors.js';
import { textKey } from '../../lib/datasets/text-key.js';

const SHARES = { main: 0.5, soft: 0.2, hard: 0.15, 'cross-domain': 0.1, different: 0.05 };
const OPTIONS = { pairs: 16, shares: SHARES, seed: 1, epoch: 0 };

const items = (counts: Partial<Record<Role, number>>): BatchItem[] =>
  ROLES.flatMap((role) =>
    Array.from({ length: counts[role] ?? 0 }, (_, i) => ({
      id: `${role}-${i}`,
      role,
      title: `Title ${i} of ${role}`,
      abstract: `Abstract ${i} of ${role}`,
    })),
  );
const count = (all: BatchItem[], batch: number[], role: Role): number =>
  batch.filter((index) => all[index]?.role === role).length;

/** Papers of random roles, some with equal titles or abstracts. */
const someItems = fc
  .array(fc.record({ role: fc.constantFrom(...ROLES), title: fc.nat(60), abstract: fc.nat(60) }), {
    minLength: 2,
    maxLength: 80,
  })
  .map((list) =>
    list.map(
      ({ role, title, abstract }, i): BatchItem => ({
        id: `id-${i}`,
        role,
        title: `T ${title}`,
        abstract: `a${abstract}.`,
      }),
    ),
  );
const someOptions = fc.record({
  pairs: fc.integer({ min: 2, max: 20 }),
  shares: fc.record({
    main: fc.double({ min: 0, max: 1, noNaN: true }),
    soft: fc.constant(0.2),
    hard: fc.constant(0),
    'cross-domain': fc.constant(0.1),
    different: fc.constant(0.3),
  }),
  seed: fc.nat(),
  epoch: fc.nat(5),
});

describe('scheduleBatches', () => {
  it('has every paper once and no equal texts in a batch, whatever the papers', () => {
    fc.assert(
      fc.property(someItems, someOptions, (all, options) => {
        const { batches } = scheduleBatches(all, options);
        expect(batches.flat().sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(options.pairs);
          expect(new Set(batch.map((i) => all[i]?.title)).size).toBe(batch.length);
          expect(new Set(batch.map((i) => all[i]?.abstract)).size).toBe(batch.length);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('is a pure function of papers, seed and epoch, whatever the order of the papers', () => {
    fc.assert(
      fc.property(someItems, someOptions, fc.nat(), (all, options, turn) => {
        const ids = (list: BatchItem[]): string[][] =>
          scheduleBatches(list, options).batches.map((batch) => batch.map((i) => list[i]?.id as string));
        const turned = [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)];
        expect(ids(turned)).toEqual(ids(all));
      }),
      { seed: 2 },
    );
  });

  it('differs by seed and by epoch', () => {
    const all = items({ main: 40, soft: 40 });
    const plan = JSON.stringify(scheduleBatches(all, OPTIONS));
    expect(JSON.stringify(scheduleBatches(all, { ...OPTIONS, seed: 2 }))).not.toBe(plan);
    expect(JSON.stringify(scheduleBatches(all, { ...OPTIONS, epoch: 1 }))).not.toBe(plan);
    expect(JSON.stringify(scheduleBatches(all, OPTIONS))).toBe(plan);
  });

  it('makes batches of sizes that differ by at most one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 400 }), fc.integer({ min: 2, max: 50 }), (papers, pairs) => {
        const sizes = scheduleBatches(items({ main: papers }), { ...OPTIONS, pairs }).batches.map(
          (batch) => batch.length,
        );
        expect(sizes).toHaveLength(Math.ceil(papers / pairs));
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
      { seed: 3 },
    );
  });

  it('keeps each role within one of its target while every role lasts, and on target on average', () => {
    const all = items({ main: 500, soft: 200, hard: 150, 'cross-domain': 100, different: 50 });
    for (const pairs of [8, 16, 50]) {
      const { batches, batchesOnTarget } = scheduleBatches(all, { ...OPTIONS, pairs });
      expect(batchesOnTarget).toBeGreaterThanOrEqual(batches.length - 2);
      for (const role of ROLES) {
        let total = 0;
        for (const batch of batches.slice(0, batchesOnTarget)) {
          const target = SHARES[role] * batch.length;
          expect(Math.abs(count(all, batch, role) - target)).toBeLessThan(1 + 1e-9);
          total += count(all, batch, role) - target;
        }
        expect(Math.abs(total)).toBeLessThan(2);
      }
    }
  });

  it('fills up from the roles that are left, in the ratio of their shares', () => {
    const all = items({ main: 32, soft: 400, hard: 328 });
    const { batches, batchesOnTarget } = scheduleBatches(all, { ...OPTIONS, pairs: 40 });
    // shares of the present roles are 0.5 : 0.2 : 0.15, so 40 pairs take 23.5 : 9.4 : 7.1
    expect(batchesOnTarget).toBe(1);
    expect(count(all, batches[0] as number[], 'main')).toBe(24);
    expect(count(all, batches[1] as number[], 'main')).toBe(8);
    for (const batch of batches.slice(2, 10)) {
      expect(count(all, batch, 'main')).toBe(0);
      expect(Math.abs(count(all, batch, 'soft') - (batch.length * 4) / 7)).toBeLessThanOrEqual(1.5);
    }
  });

  it('uses roles of share 0 last', () => {
    const all = items({ main: 20, different: 20 });
    const { batches } = scheduleBatches(all, { ...OPTIONS, pairs: 10, shares: { ...SHARES, different: 0 } });
    expect(batches.map((batch) => count(all, batch, 'main'))).toEqual([10, 10, 0, 0]);
  });

  it('spreads equal texts over the batches instead of leaving them to the end', () => {
    const all = items({ main: 200 }).map((item, i) => (i % 20 === 0 ? { ...item, title: 'Erratum' } : item));
    for (let epoch = 0; epoch < 20; epoch++) {
      const { batches } = scheduleBatches(all, { ...OPTIONS, pairs: 20, epoch });
      expect(batches.map((batch) => batch.length)).toEqual(new Array(10).fill(20));
      for (const batch of batches) expect(batch.filter((i) => all[i]?.title === 'Erratum')).toHaveLength(1);
    }
  });

  it.each([
    [[], OPTIONS, /0 papers to train on: expected at least 2/],
    [items({ main: 1 }), OPTIONS, /1 paper to train on: expected at least 2/],
    [items({ main: 5 }), { ...OPTIONS, pairs: 1 }, /batches\.pairs = 1: expected a whole number of at least 2/],
    [[...items({ main: 2 }), ...items({ main: 1 })], OPTIONS, /the id "main-0" occurs twice/],
  ])('refuses what cannot be planned (%#)', (all, options, message) => {
    expect(() => scheduleBatches(all, options)).toThrow(UserError);
    expect(() => scheduleBatches(all, options)).toThrow(message);
  });
});

describe('textKey', () => {
  it('is the same for texts that differ in case, spaces, punctuation or form of accents only', () => {
    expect(textKey('On  Black-Holes,\nand more!')).toBe(textKey('on black holes and MORE'));
    expect(textKey('e\u0301tale')).toBe(textKey('étale'));
    expect(textKey('étale')).not.toBe(textKey('etale'));
    expect(textKey('!')).not.toBe(textKey('?'));
    expect(textKey('量子')).not.toBe(textKey('重力'));
  });
});

it.each([
  ['What is C++?', 'What is C#?'],
  ['What is C?', 'What is C++?'],
  ['Is 1.5 rational?', 'Is 15 rational?'],
  ['a + b', 'a - b < 0'],
  ['x = -1', 'x = 1'],
  ['10^5', '105'],
  ['p < 0.05', 'p > 0.05'],
])('textKey tells %s from %s', (one, other) => {
  expect(textKey(one)).not.toBe(textKey(other));
});

describe('describeSchedule', () => {
  const all = items({ main: 10, soft: 30 }).map((item, i) => ({
    ...item,
    titleLength: 10,
    abstractLength: 100 + (i % 2) * 100,
  }));
  const options = { shares: SHARES, tokenBudget: 1000 };

  it('reports actual against target, and the padding of the micro-batches', () => {
    const plan = scheduleBatches(all, { ...OPTIONS, pairs: 10 });
    const report = describeSchedule(all, plan, options);
    expect(report).toMatchObject({ batches: 4, smallest: 10, largest: 10, batchesOnTarget: plan.batchesOnTarget });
    expect(report.epoch).toEqual([
      { role: 'main', pairs: 10, target: 0.5 / 0.7, actual: 0.25 },
      { role: 'soft', pairs: 30, target: 0.2 / 0.7, actual: 0.75 },
    ]);
    expect(report.onTarget[0]?.actual).toBeCloseTo(0.7, 10);
    expect(report.pairsByBatch.main?.reduce((sum, n) => sum + n, 0)).toBe(10);
    expect(report.padding.tokens).toBe(40 * 10 + 20 * 100 + 20 * 200);
    expect(report.padding.waste).toBeLessThan(0.15);
  });

  it('refuses a budget smaller than a text', () => {
    const plan = scheduleBatches(all, OPTIONS);
    expect(() => describeSchedule(all, plan, { ...options, tokenBudget: 150 })).toThrow(
      /200 tokens, more than the token budget of 150/,
    );
  });

  it('composition of no batches is nothing of each role', () => {
    expect(composition(all, [], SHARES).map((role) => role.actual)).toEqual([0, 0]);
  });
});
