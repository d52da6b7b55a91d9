/**
 * The vocabulary of the sample corpus: what a topic's file holds, and how its compact notation is read.
 *
 * A topic is a set of subfields, so that only things that belong together meet in one paper. A paper takes one concept
 * of each of five facets (phenomenon, object, method, setting, result) and borrows terms of four kinds around them.
 *
 * Notation: concepts stand one a line, their synonyms after `|`, and a phenomenon's preposition towards its object
 * after `@` ("quasinormal modes | ringdown frequencies @of"). Terms and sentences are separated by `;` and by line ends.
 */
import { isPlural } from './english.js';

/** How a subfield argues; picks the sentence frames. */
export type Style = 'theory' | 'proof' | 'simulation' | 'observation' | 'learning' | 'statistics' | 'biology';

/** A noun phrase, ready to be placed, and whether its verb is plural. */
export interface Phrase {
  text: string;
  plural: boolean;
}

/** One thing under several names; the first is the usual one. */
export interface Concept {
  names: Phrase[];
  /** Joins a phenomenon to its object: "of", "in", "around". */
  preposition: string;
}

/** A subfield as its topic's file writes it. */
export interface SubfieldText {
  style: Style;
  /** Overrides the topic's primary category (q-bio). */
  primary?: string;
  /** Categories that papers of the subfield are cross-listed in. */
  crossLists: string;
  /** What is asked about. */
  phenomena: string;
  /** Where it is asked: noun phrases without article that bear a qualifier in front. */
  objects: string;
  /** Adjectives that fit in front of every object. */
  qualifiers: string;
  methods: string;
  /** Data sets and experiments, or in theory and proof the regime ("in ..."). */
  settings: string;
  /** What can follow "we find": noun phrases with their article. */
  results: string;
  /** What can follow "the": things with a value; a TeX symbol may stand after `~`. */
  quantities: string;
  /** What can be present, included or neglected. */
  effects: string;
  /** What can follow "using". */
  tools: string;
  /** What can follow "relevant to": fields, goals, applications. */
  contexts: string;
  /** Named things that serve as examples: stars, data sets, theorems, species. */
  examples: string;
  /** Whole sentences, one a line, that open an abstract. */
  background: string;
  /** Clauses, one a line, that can follow "we find that". */
  claims: string;
  /** Noun phrases with TeX, one a line. */
  formulas: string;
}

/** A topic as its file writes it. */
export interface TopicText {
  /** Category of the topic; the primary category of its papers unless a subfield says otherwise. */
  category: string;
  papers: number;
  /** Things and subjects that any paper of the topic may mention in passing. */
  related: string;
  subfields: SubfieldText[];
}

/** A quantity with an optional TeX symbol. */
export interface Quantity extends Phrase {
  symbol: string | null;
}

/** A subfield, read. */
export interface Subfield {
  style: Style;
  primary: string;
  crossLists: string[];
  phenomena: Concept[];
  objects: Concept[];
  qualifiers: string[];
  methods: Concept[];
  settings: Concept[];
  results: Concept[];
  quantities: Quantity[];
  effects: Phrase[];
  tools: Phrase[];
  contexts: Phrase[];
  examples: Phrase[];
  related: Phrase[];
  background: string[];
  claims: string[];
  formulas: Phrase[];
}

/** Reads the compact notation of a topic. */
export function readTopic(topic: TopicText): Subfield[] {
  return topic.subfields.map((text) => readSubfield(text, topic));
}

function readSubfield(text: SubfieldText, topic: TopicText): Subfield {
  return {
    style: text.style,
    primary: text.primary ?? topic.category,
    crossLists: text.crossLists.split(/\s+/).filter(Boolean),
    phenomena: concepts(text.phenomena),
    objects: concepts(text.objects),
    qualifiers: terms(text.qualifiers),
    methods: concepts(text.methods),
    settings: concepts(text.settings),
    results: concepts(text.results),
    quantities: terms(text.quantities).map(quantity),
    effects: terms(text.effects).map(phrase),
    tools: terms(text.tools).map(phrase),
    contexts: terms(text.contexts).map(phrase),
    examples: terms(text.examples).map(phrase),
    related: terms(topic.related).map(phrase),
    background: lines(text.background),
    claims: lines(text.claims),
    formulas: lines(text.formulas).map(phrase),
  };
}

function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

function terms(text: string): string[] {
  return text
    .split(/[;\n]/)
    .map((term) => term.replace(/\s+/g, ' ').trim())
    .filter(Boolean);
}

function phrase(text: string): Phrase {
  return { text, plural: isPlural(text) };
}

function quantity(text: string): Quantity {
  const [name = '', symbol] = text.split('~').map((part) => part.trim());
  return { ...phrase(name), symbol: symbol ?? null };
}

function concepts(text: string): Concept[] {
  return lines(text).map((line) => {
    const [names = '', preposition = 'in'] = line.split('@').map((part) => part.trim());
    return { names: names.split('|').map((name) => phrase(name.trim())), preposition };
  });
}
