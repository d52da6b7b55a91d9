/** Numbers as abstracts write them. The slots of one sentence are consistent: low < middle < high, percent2 < percent. */
import type { Random } from '../../lib/core/random.js';

const SPELLED = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

/** Draws the numbers that one sentence may ask for, by the name of the slot. */
export function drawNumbers(random: Random): Record<string, string> {
  const scale = 10 ** (random.integer(2) - 1);
  const digits = scale >= 1 ? 1 : 2;
  const middle = scale * (1 + 8 * random.uniform());
  const spread = 0.1 + 0.6 * random.uniform();
  const percent = Math.exp(Math.log(4) + random.uniform() * Math.log(18));
  const sigma = 2.2 + 5 * random.uniform();
  const lowPercent = 22 + 55 * random.uniform();
  const highPercent = Math.min(99.1, lowPercent + 1 + 18 * random.uniform());
  const year = 1968 + random.integer(40);
  const few = random.integer(SPELLED.length);
  return {
    low: (middle * (1 - spread)).toFixed(digits + 1),
    middle: middle.toFixed(digits + 1),
    high: (middle * (1 + spread)).toFixed(digits + 1),
    decimal: middle.toFixed(digits),
    percent: `${percent < 10 ? percent.toFixed(1) : Math.round(percent)}%`,
    percent2: `${percent < 12 ? (percent * (0.1 + 0.5 * random.uniform())).toFixed(1) : Math.round(percent * (0.1 + 0.6 * random.uniform()))}%`,
    lowpercent: `${lowPercent.toFixed(1)}%`,
    highpercent: `${highPercent.toFixed(1)}%`,
    ninety: `${random.pick([68, 90, 90, 95, 95, 95, 99])}%`,
    points: (0.6 + 9 * random.uniform()).toFixed(1),
    sigma: sigma.toFixed(1),
    sigma2: (sigma * (0.4 + 0.4 * random.uniform())).toFixed(1),
    factor: random.uniform() < 0.5 ? SPELLED[few]! : (1.2 + 7 * random.uniform()).toFixed(1),
    year: String(year),
    year2: String(year + 2 + random.integer(15)),
    few: SPELLED[random.integer(SPELLED.length)]!,
    count: String(9 + random.integer(390)),
    bigcount: String(Math.round(10 ** (3 + 2.5 * random.uniform()))).replace(/\B(?=(?:\d{3})+$)/g, ','),
  };
}

/** A measured value in TeX: "$\alpha = 0.31 \pm 0.04$". */
export function texValue(symbol: string, random: Random): string {
  const scale = 10 ** (random.integer(2) - 1);
  const digits = scale >= 1 ? 1 + random.integer(2) : 3;
  const value = scale * (1 + 8 * random.uniform());
  const error = value * (0.01 + 0.15 * random.uniform());
  const form = random.uniform();
  if (form < 0.55) return `$${symbol} = ${value.toFixed(digits)} \\pm ${error.toFixed(digits)}$`;
  if (form < 0.75) {
    const up = (error * (0.7 + 0.6 * random.uniform())).toFixed(digits);
    return `$${symbol} = ${value.toFixed(digits)}^{+${up}}_{-${error.toFixed(digits)}}$`;
  }
  return `$${symbol} ${random.pick(['\\simeq', '\\approx', '\\sim', '\\lesssim'])} ${value.toFixed(digits - 1)}$`;
}
