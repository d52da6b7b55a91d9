/**
 * What one paper is about, and how its concepts are named: the choices that title and abstract share.
 */
import type { Random } from '../../lib/core/random.js';
import type { Concept, Phrase, Quantity, Style, Subfield } from './bank.js';
import { coinName } from './coined.js';

export const FACETS = ['phenomenon', 'object', 'method', 'setting', 'result'] as const;
export type Facet = (typeof FACETS)[number];

/** The five concepts of a paper. */
export type Facets = Record<Facet, Concept>;

/** A paper before its text. */
export interface Draft {
  subfield: Subfield;
  facets: Facets;
  /** Stands before the object, or null. */
  qualifier: string | null;
  /** Name of each facet that the title uses (and, mostly, the abstract). */
  names: Record<Facet, Phrase>;
  quantities: Quantity[];
  effects: Phrase[];
  tools: Phrase[];
  contexts: Phrase[];
  examples: Phrase[];
  related: Phrase[];
  /** How many clauses of the subfield's own the abstract may use. */
  maxClaims: number;
  /** Whether the paper writes TeX. */
  tex: boolean;
  /** Name of the paper's own method, or null. */
  coined: string | null;
}

/** How likely a paper writes TeX; together 28 % of the abstracts show it. */
const TEX_SHARE: Record<Style, number> = {
  theory: 0.56,
  proof: 0.54,
  simulation: 0.48,
  observation: 0.56,
  learning: 0.12,
  statistics: 0.36,
  biology: 0.14,
};

/** How often a paper names its own method, code or benchmark. */
const COINED_SHARE: Record<Style, number> = {
  theory: 0,
  proof: 0,
  simulation: 0.35,
  observation: 0.3,
  learning: 0.6,
  statistics: 0.3,
  biology: 0.25,
};

/** Chooses names and terms for the given facets. */
export function draftPaper(subfield: Subfield, facets: Facets, random: Random): Draft {
  const tex = random.uniform() < TEX_SHARE[subfield.style];
  const allowed = (phrase: Phrase): boolean => tex || !phrase.text.includes('$');
  const some = <T extends Phrase>(phrases: T[], count: number): T[] =>
    random.shuffle(phrases.filter(allowed)).slice(0, count);
  const name = (concept: Concept): Phrase => {
    const names = concept.names.filter(allowed);
    return random.uniform() < 0.6 ? names[0]! : random.pick(names);
  };
  const coins = COINED_SHARE[subfield.style];
  return {
    subfield,
    facets,
    qualifier: random.uniform() < 0.75 && subfield.qualifiers.length > 0 ? random.pick(subfield.qualifiers) : null,
    names: {
      phenomenon: name(facets.phenomenon),
      object: name(facets.object),
      method: name(facets.method),
      setting: name(facets.setting),
      result: name(facets.result),
    },
    quantities: some(subfield.quantities, 4),
    effects: some(subfield.effects, 4),
    tools: some(subfield.tools, 4),
    contexts: some(subfield.contexts, 3),
    examples: some(subfield.examples, 3),
    related: some(subfield.related, 5),
    maxClaims: random.uniform() < 0.6 ? 1 : 2,
    tex,
    coined: random.uniform() < coins ? coinName(random) : null,
  };
}
