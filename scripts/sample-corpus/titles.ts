/** Title frames, and the choice among them that gives titles the length that real ones have. */
import type { Random } from '../../lib/core/random.js';
import type { Style } from './bank.js';
import type { Draft } from './draft.js';
import { hasDoubledWord, polish, titleCase } from './english.js';
import { Slots } from './slots.js';
import { slotsOf } from './template.js';

const GENERAL = `
  {PO}
  {PO}
  {PO} and {E}
  {E} and {PO}
  {E} and {P} [of|in] {O}
  {PO} with {E}
  {PO} in the presence of {E}
  The {Q} of {O}
  The {Q} of {O} [with|and] {E}
  The {Q} and the {Q2} of {O}
  {M} for {PO}
  {M} and {PO}
  {PO} from {M}
  [On the role of|The effect of|Effects of|The impact of|The influence of] {E} on {P}
  [The role of|Effects of|The impact of] {E} in {PO}
  [Revisiting|A note on|Aspects of|A closer look at|Remarks on|Towards|Understanding|Disentangling|Quantifying|Probing] {PO}
  Can {E} [explain|mimic|enhance|suppress|limit] {PO}?
  {R} in {O}
  {R} from {E}
  {R} and {PO}
  {P} and {C}
  {C} and {PO}
  {P} beyond {E}
  {P}, {E} and {C}
  {T} for {O} with {E}
  What [can we learn|do we learn] from {PO}?
  From {E} to {C}: {PO}
  {PO}: the role of {E}
  {PO}: effects of {E} and {E2}
  {PO}: {R}
  {P} and {E}: {R}
  {P}: a study with {M}
  {C}: {PO}
  Beyond {E}: {M} for {P}
  Beyond {T}: {PO}
  {O} with {E}: {R}
  {R}: {PO} revisited
  {PO}: {T} and {T2}
  {E}, {E2} and {P}: the case of {O}
  {PO} with {E} and {E2}: {T} and the {Q}
  [Effects of|The role of] {E} and {E2} in {PO} and the {Q}
  {M} for {PO} in the presence of {E} and {E2}
  The {Q} and the {Q2} of {O} from {M} and {T}
  {PO}: {M} and the role of {E}
  {P} and {R} in {O} with {E}
  [Signatures|Imprints|Traces] of {E}: {P} and the {Q}
`;

const BY_STYLE: Record<Style, string> = {
  theory: `
    {PO} in {S}
    {P} in {S}
    {O} in {S}
    {R} in {S}
    [A|An] [simple|analytic|exact] [model|description] of {PO}
    {P} and {R} in {O}
    {P}, {E} and {R}
    {O} in {S}: {P} and {E}
    {S} and {P}: {R}
    {P} in {S}: [an analytic|an exact] approach
  `,
  proof: `
    {R} for {O}
    {R} for {O} with {E}
    {R} for {O} in {S}
    {P} for {O} with {E}
    {P} of {O} via {T}
    [A proof of|On] {R}
    {O} with {E}: {R} and {P}
    {P} in {S}: {R}
    {R} via {M}
  `,
  simulation: `
    [Simulations of|Simulating|Numerical simulations of|A numerical study of] {PO}
    {PO} in simulations with {E}
    {M} of {O}
    {PO} in {S}
    {P} in {S}: {R}
    [Simulating|Modelling] {PO}: {T} and {E}
    {S}: {PO} and {R}
  `,
  observation: `
    {PO} with {S}
    {P} from {S}
    [Constraints on|Constraining|Measuring|A measurement of|Searching for] {PO} with {S}
    [Forecasts for|Prospects for] {PO}
    {M} for {S}
    {E} and the {Q} from {S}
    {S}: {PO}
    {P} in {S}: {R}
    {C} from {S}: {P} and {E}
  `,
  learning: `
    {coined}: {M} for {P}
    {coined}: {M} for {PO}
    {coined}: {P} with {M}
    {coined}: [towards|improving|rethinking|benchmarking|scaling] {PO}
    {coined}: [a benchmark|an evaluation suite] for {PO}
    [Rethinking|Improving|Scaling|Benchmarking|Learning|Accelerating] {PO}
    [Rethinking|Improving] {P} with {M}
    {M} for {P} under {E}
    {M} [improves|helps] {P}
    {P} without {E}
    {P} for {C}
    {M} for {C}
    Do {O} [suffer from|cope with|benefit from] {E}?
    {P} via {T}
  `,
  statistics: `
    {M} for {P} under {E}
    {P} under {E}
    {P} with {E}: {R}
    {R} for {O}
    {R} for {P} under {E}
    {P} via {M}
    {M} with applications to {C}
    [Robust|Adaptive|Efficient|Scalable] {P} via {T}
    {PO}: {M} under {E}
  `,
  biology: `
    {E} {E:shapes/shape} {PO}
    {E} and {E2} in {PO}
    [A model of|Modelling|Inferring|The evolution of|A theory of|Stochastic models of] {PO}
    {P} [constrains|limits] the {Q} of {O}
    {PO} in {S}
    {M} [reveals|explains] {R}
    {PO}: insights from {M}
    {R} in {O}: the role of {E}
    How {E} {E:affects/affect} {PO}
  `,
};

function read(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** Words of a title at the 5, 25, 50, 75 and 95 % points of real arXiv records; between them a title aims linearly. */
const LENGTHS: [share: number, words: number][] = [
  [0, 3],
  [0.05, 4.5],
  [0.25, 8],
  [0.5, 10],
  [0.75, 12.5],
  [0.95, 17],
  [1, 20],
];
const COLON_SHARE = 0.31;
const CANDIDATES = 20;

/** A title, and the keys of what it names. */
export interface Title {
  text: string;
  terms: ReadonlySet<string>;
}

/** Writes a title: of several candidates, the one whose length is nearest to a length drawn at random. */
export function writeTitle(draft: Draft, random: Random): Title {
  const colon = random.uniform() < COLON_SHARE;
  const templates = [
    ...read(GENERAL),
    ...read(BY_STYLE[draft.subfield.style]),
    ...read(BY_STYLE[draft.subfield.style]),
  ];
  const usable = templates.filter(
    (template) => template.includes(':') === colon && (draft.coined !== null || !slotsOf(template).includes('coined')),
  );
  const wanted = interpolate(LENGTHS, random.uniform());
  let best: Title | null = null;
  let bestMiss = Number.POSITIVE_INFINITY;
  for (let i = 0; i < CANDIDATES; i++) {
    const slots = new Slots(draft, random, null);
    const raw = polish(slots.sentence(random.pick(usable)));
    const text = raw
      .replace(/^(?:An?) (?!note|model|theory|proof|closer|measurement|numerical)/, '')
      .replace(/: an? (?!note|benchmark|study|model|exact|analytic)/, ': ');
    const miss = Math.abs(text.split(' ').length - wanted) + (hasDoubledWord(text) ? 100 : 0);
    if (miss < bestMiss) {
      best = { text, terms: new Set(slots.mentions.keys()) };
      bestMiss = miss;
    }
  }
  const text = polish(best!.text);
  return { text: random.uniform() < 0.55 ? titleCase(text) : text, terms: best!.terms };
}

/** Piecewise linear interpolation of a table of points. */
export function interpolate(points: readonly (readonly [number, number])[], at: number): number {
  for (let i = 1; i < points.length; i++) {
    const [x0, y0] = points[i - 1]!;
    const [x1, y1] = points[i]!;
    if (at <= x1) return y0 + ((at - x0) / (x1 - x0)) * (y1 - y0);
  }
  return points.at(-1)![1];
}
