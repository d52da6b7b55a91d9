/**
 * Writes an abstract: a number of sentences is drawn, then the moves they make, then a frame for each move, preferring
 * frames that name what the title promised and have not been used lately.
 */
import type { Random } from '../../lib/core/random.js';
import type { Draft } from './draft.js';
import { hasDoubledWord, polish } from './english.js';
import { MOVES, type Move } from './frames/frames.js';
import { general, styleFrames } from './frames/index.js';
import { LEADS, TAILS } from './frames/tails.js';
import { Slots } from './slots.js';
import { contentStems, titleCoverage } from './statistics.js';
import { longWordsOf, slotsOf, usesTex } from './template.js';
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

/** Share of a title's content stems in its abstract to aim at; what comes out is as real records have it. */
const TITLE_COVERAGE: [share: number, coverage: number][] = [
  [0, 0.2],
  [0.05, 0.48],
  [0.25, 0.72],
  [0.5, 0.875],
  [0.64, 1],
  [1, 1],
];
/** What an abstract cannot begin with. */
const REFERS_BACK =
  /^(?:However|Yet|Still|Even so|Nevertheless|Unfortunately|Despite this progress|In particular|Specifically|Moreover|Furthermore|In addition), /;
/** Abstracts written for a title, of which one is kept. */
const CANDIDATES = 5;

/** Mean words of a sentence, and how much authors and their sentences differ. */
const WORDS_PER_SENTENCE = 30;
const SPREAD_OF_AUTHORS = 3;
const SPREAD_OF_SENTENCES = 6;

/** Moves beyond the two that every abstract makes (approach, result), with how much they are wanted. */
const OPTIONAL: [move: Move | 'background', weight: number][] = [
  ['background', 0.55],
  ['motivation', 0.7],
  ['gap', 0.65],
  ['detail', 0.9],
  ['detail', 0.55],
  ['detail', 0.2],
  ['setting', 0.75],
  ['setting', 0.25],
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

/** Writes the abstract that belongs to a title: of several, the one that shares with it as much as a share drawn at random. */
export function writeAbstract(draft: Draft, title: Title, use: FrameUse, random: Random): string {
  const wanted = interpolate(TITLE_COVERAGE, random.uniform());
  const count = Math.round(interpolate(SENTENCES, random.uniform()));
  const wordsPerSentence = WORDS_PER_SENTENCE + SPREAD_OF_AUTHORS * random.normal();
  let best = { text: '', used: new Set<string>() };
  let bestMiss = Number.POSITIVE_INFINITY;
  for (let i = 0; i < CANDIDATES; i++) {
    const used = new Set<string>();
    const slots = new Slots(draft, random, title.terms);
    const sentences = planMoves(count, random).map((move) =>
      writeSentence({ move, draft, title, slots, used, use, wordsPerSentence, random }),
    );
    const text = polish(
      sentences
        .filter((sentence) => sentence !== null)
        .join(' ')
        .replace(REFERS_BACK, ''),
    );
    const miss = Math.abs(titleCoverage({ title: title.text, abstract: text, categories: '' }) - wanted);
    if (miss < bestMiss) {
      best = { text, used };
      bestMiss = miss;
    }
  }
  for (const template of best.used) use.record(template);
  return best.text;
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

/** What the writing of one sentence needs to know. */
interface Task {
  move: Move | 'background';
  draft: Draft;
  title: Title;
  slots: Slots;
  /** Templates that this abstract has used. */
  used: Set<string>;
  use: FrameUse;
  wordsPerSentence: number;
  random: Random;
}

/** One sentence; null where the move has no frame left that can be filled. */
function writeSentence(task: Task): string | null {
  const { move, draft, slots, used, random } = task;
  const style = styleFrames[draft.subfield.style];
  const all = move === 'background' ? draft.subfield.background : [...general[move], ...style[move], ...style[move]];
  const open = all.filter((template) => !used.has(template) && slots.canFill(template) && fitsCoined(template, task));
  if (open.length === 0) return null;
  if (move === 'background') return polish(slots.sentence(mostRelevant(open, task)));
  let best = open[0]!;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const template = random.pick(open);
    const score = scoreFrame(template, task) + 0.6 * random.uniform();
    if (score > bestScore) {
      best = template;
      bestScore = score;
    }
  }
  used.add(best);
  for (let attempt = 0; attempt < 10; attempt++) {
    const wanted = task.wordsPerSentence + SPREAD_OF_SENTENCES * random.normal();
    const sentence = polish(slots.sentence(best, (text) => extend(text, wanted, task)));
    if (!hasDoubledWord(sentence)) return sentence;
  }
  return null;
}

/** The opening sentence that shares most with the paper's phenomenon and object, or any where none does. */
function mostRelevant(backgrounds: readonly string[], { draft, random }: Task): string {
  const { phenomenon, object } = draft.facets;
  const about = contentStems([...phenomenon.names, ...object.names].map(({ text }) => text).join(' '));
  const shared = (text: string): number => [...contentStems(text)].filter((stem) => about.has(stem)).length;
  return random.shuffle(backgrounds).sort((a, b) => shared(b) - shared(a))[0]!;
}

/** Picks what makes a short sentence as long as wanted. */
function extend(text: string, wanted: number, task: Task): { lead: string | null; tail: string | null } {
  const { move, slots, used, random } = task;
  const missing = wanted - text.split(/\s+/).length;
  const choose = (templates: string[]): string | null => {
    const open = templates.filter((template) => !used.has(template) && slots.canFill(template));
    if (open.length === 0) return null;
    const template = random.pick(open);
    used.add(template);
    return template;
  };
  const leads = move === 'result' && /^(?:We|Our|The|This) /.test(text) ? LEADS : [];
  const tails = TAILS[move].filter((tail) => !(tail.startsWith(';') && text.includes(';')) && !echoes(tail, text));
  if (missing < 3 || !text.endsWith('.')) return { lead: null, tail: null };
  const both = missing > 11 && leads.length > 0;
  const leadOnly = !both && leads.length > 0 && random.uniform() < 0.25;
  return { lead: both || leadOnly ? choose(leads) : null, tail: leadOnly ? null : choose(tails) };
}

/** Whether a tail would say again a longer word of the sentence. */
function echoes(tail: string, text: string): boolean {
  return longWordsOf(tail).some((word) => text.includes(word));
}

/** A frame that introduces the paper's own method needs one that has a name, and the other way round. */
function fitsCoined(template: string, { move, draft }: Task): boolean {
  if (move !== 'approach' || draft.subfield.style !== 'learning') return true;
  return slotsOf(template).includes('coined') === (draft.coined !== null);
}

function scoreFrame(template: string, { title, slots, use, draft }: Task): number {
  let score = -0.05 * use.count(template);
  for (const key of slotsOf(template).flatMap((slot) => Slots.keysOf(slot))) {
    const said = slots.mentions.get(key) ?? 0;
    if (title.terms.has(key) && said === 0) score += 1.2;
    else if (said >= 3) score -= 0.7;
  }
  score += 0.9 * unsaidTitleTerms(template, draft, title, slots).length;
  if (draft.tex && usesTex(template)) score += 0.8;
  return score;
}

/** Terms of the title (effects, quantities, ...) that the abstract has not named and that a frame could name. */
function unsaidTitleTerms(template: string, draft: Draft, title: Title, slots: Slots): string[] {
  const banks = { Q: draft.quantities, E: draft.effects, T: draft.tools, C: draft.contexts };
  return Object.entries(banks)
    .filter(([slot]) => template.includes(`{${slot}`))
    .flatMap(([, terms]) => terms.map(({ text }) => text))
    .filter((term) => title.terms.has(term) && !slots.mentions.has(term));
}
