/**
 * What a set of sentence frames is: templates sorted by rhetorical move, in the order in which an abstract makes them.
 *
 * Slots: P phenomenon, O object, PO "phenomenon of object", M method, S setting, R result; Q quantity, E effect, T tool,
 * C context, X example (Q2, Q3, ... are further,
 * different ones); F formula, QV quantity with a value; claim and background are
 * sentences of the subfield; percent, factor, sigma, count, few and the like are numbers.
 */
export const MOVES = [
  'motivation',
  'gap',
  'approach',
  'detail',
  'setting',
  'result',
  'quantify',
  'comparison',
  'caveat',
  'implication',
  'outlook',
] as const;

export type Move = (typeof MOVES)[number];

/** Templates a move; a style leaves out what the general frames already say. */
export type Frames = Record<Move, string[]>;

/** Reads frames written one a line. */
export function frames(text: Partial<Record<Move, string>>): Frames {
  const read = (move: Move): string[] =>
    (text[move] ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  return Object.fromEntries(MOVES.map((move) => [move, read(move)])) as Frames;
}
