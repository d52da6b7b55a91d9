/**
 * Writes an abstract: a number of sentences is drawn, then the moves they make, then a frame for each move, preferring
 * frames that name what the title promised and have not been used lately.
 */
import type { Random } from '../../lib/random.js';
import type { Draft } from './draft.js';
import { hasDoubledWord, polish } from './english.js';
import { MOVES, type Move } from './frames/frames.js';
import { general, styleFrames } from './frames/index.js';
import { Slots } from './slots.js';
import { slotsOf } from './template.js';
import { interpolate, type Title } from './titles.js';

/** Sentences of an abstract at the 5, 25, 50, 75 and 95 % points of real arXiv records. */
const SENTENCES: [share: number, sentences: number][] = [
  [0, 2],
  [0.05, 3],
  [0.25, 5],
  [0.5, 7],
  [0.75, 8],
  [0.95, 11],
  [1, 13],
];

/** Moves beyond the two that every abstract makes (approach, result), with how much they are wanted. */
const OPTIONAL: [move: Move | 'background', weight: number][] = [
  ['background', 0.9],
  ['motivation', 0.7],
  ['gap', 0.65],
  ['detail', 0.9],
  ['detail', 0.55],
  ['detail', 0.2],
  ['setting', 0.6],
  ['result', 0.9],
  ['result', 0.5],
  ['result', 0.2],
  ['quantify', 0.55],
  ['quantify', 0.2],
  ['comparison', 0.45],
  ['caveat', 0.25],
  ['implication', 0.7],
  ['outlook', 0.25],
  ['motivation', 0.15],
  ['comparison', 0.1],
];

/** Frames seen in the last papers of the corpus: they wait until others have had their turn. */
export class FrameUse {
  private readonly uses = new Map<string, number>();

  count(template: string): number {
    return this.uses.get(template) ?? 0;
  }

  record(template: string): void {
    this.uses.set(template, this.count(template) + 1);
  }
}

/** Writes the abstract that belongs to a title. */
export function writeAbstract(draft: Draft, title: Title, use: FrameUse, random: Random): string {
  const slots = new Slots(draft, random, title.terms);
  const count = Math.round(interpolate(SENTENCES, random.uniform()));
  const sentences: string[] = [];
  const used = new Set<string>();
  for (const move of planMoves(count, random)) {
    const sentence = writeSentence(move, draft, title, slots, used, use, random);
    if (sentence !== null) sentences.push(sentence);
  }
  return sentences.join(' ');
}

/** Draws the moves of an abstract of `count` sentences, in the order in which they are made. */
function planMoves(count: number, random: Random): (Move | 'background')[] {
  const order = ['background', ...MOVES];
  const drawn = OPTIONAL.map(([move, weight]) => ({ move, key: random.uniform() ** (1 / weight) }))
    .sort((a, b) => b.key - a.key)
    .slice(0, Math.max(0, count - 2))
    .map(({ move }) => move);
  return [...drawn, 'approach' as const, 'result' as const].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

function writeSentence(
  move: Move | 'background',
  draft: Draft,
  title: Title,
  slots: Slots,
  used: Set<string>,
  use: FrameUse,
  random: Random,
): string | null {
  const all =
    move === 'background'
      ? draft.subfield.background
      : [...general[move], ...styleFrames[draft.subfield.style][move], ...styleFrames[draft.subfield.style][move]];
  const open = all.filter((template) => !used.has(template) && slots.canFill(template) && fitsCoined(template, move, draft));
  if (open.length === 0) return null;
  let best = open[0]!;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const template = random.pick(open);
    const score = scoreFrame(template, title, slots, use, draft) + 0.6 * random.uniform();
    if (score > bestScore) {
      best = template;
      bestScore = score;
    }
  }
  used.add(best);
  use.record(best);
  for (let attempt = 0; ; attempt++) {
    const sentence = polish(slots.sentence(best));
    if (!hasDoubledWord(sentence)) return sentence;
    if (attempt === 10) return null;
  }
}

/** A frame that introduces the paper's own method needs one that has a name, and the other way round. */
function fitsCoined(template: string, move: Move | 'background', draft: Draft): boolean {
  if (move !== 'approach' || draft.subfield.style !== 'learning') return true;
  return slotsOf(template).includes('coined') === (draft.coined !== null);
}

function scoreFrame(template: string, title: Title, slots: Slots, use: FrameUse, draft: Draft): number {
  let score = -0.05 * use.count(template);
  for (const key of slotsOf(template).flatMap((slot) => Slots.keysOf(slot))) {
    const said = slots.mentions.get(key) ?? 0;
    if (title.terms.has(key) && said === 0) score += 1.2;
    else if (said >= 2) score -= 0.7;
  }
  if (draft.tex && template.includes('{F}')) score += 0.4;
  return score;
}
