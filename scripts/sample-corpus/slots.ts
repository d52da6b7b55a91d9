/**
 * Fills the slots of titles and abstracts from a draft, and remembers what has been said: a concept of the title is
 * named in the same words in about 85 % of the abstracts, and by a synonym in the others.
 */
import type { Random } from '../../lib/core/random.js';
import type { Phrase } from './bank.js';
import type { Draft, Facet } from './draft.js';
import { citedAuthors, identifier, place } from './names.js';
import { drawNumbers, texValue } from './numbers.js';
import { expand, slotsOf, usesTex } from './template.js';

/** How often an abstract keeps the title's words for a concept. */
const VERBATIM = 0.85;
/** How often a term of three or four words is introduced with its acronym. */
const ACRONYM = 0.15;

const FACET_OF_SLOT: Record<string, Facet> = { P: 'phenomenon', O: 'object', M: 'method', S: 'setting', R: 'result' };

/** Everything that one text (a title, or an abstract) draws from. */
export class Slots {
  /** Times that each facet or term has been named so far in this text. */
  readonly mentions = new Map<string, number>();
  private readonly keepsTitleName = new Map<string, boolean>();
  private readonly acronyms = new Map<string, string>();
  private readonly usedClaims = new Set<string>();

  /** @param titleTerms what the title has named (keys of `mentions`); empty while the title itself is written */
  constructor(
    private readonly draft: Draft,
    private readonly random: Random,
    private readonly titleTerms: ReadonlySet<string> | null,
  ) {}

  /**
   * Expands a template for one sentence.
   * @param extend is shown the text so far and may return templates to set before and after it (its full stop is moved)
   */
  sentence(template: string, extend?: (text: string) => { lead: string | null; tail: string | null }): string {
    const numbers = drawNumbers(this.random);
    const inSentence = new Set<string>();
    const write = (part: string): string => expand(part, this.random, (slot) => this.fill(slot, numbers, inSentence));
    const text = write(template);
    const { lead, tail } = extend?.(text) ?? { lead: null, tail: null };
    const body = lead === null ? text : write(lead) + text.charAt(0).toLowerCase() + text.slice(1);
    return tail === null ? body : `${body.replace(/\.$/, '')}${write(tail)}.`;
  }

  /** Whether every slot of a template can be filled. */
  canFill(template: string): boolean {
    const { draft } = this;
    if (!draft.tex && usesTex(template)) return false;
    const slots = slotsOf(template);
    if (slots.includes('coined') && draft.coined === null && draft.subfield.style !== 'learning') return false;
    if (slots.includes('X') && draft.examples.length < 2) return false;
    if (slots.includes('F') && draft.subfield.formulas.length === 0) return false;
    if (slots.includes('QV') && !draft.quantities.some((quantity) => quantity.symbol !== null)) return false;
    if (slots.includes('claim') && this.freeClaims().length === 0) return false;
    return true;
  }

  /** The key under which a facet's slot counts as mentioned. */
  static keysOf(slot: string): string[] {
    if (slot === 'PO') return ['phenomenon', 'object'];
    const facet = FACET_OF_SLOT[slot];
    return facet === undefined ? [] : [facet];
  }

  private fill(slot: string, numbers: Record<string, string>, inSentence: Set<string>): Phrase {
    const number = numbers[slot];
    if (number !== undefined) return { text: number, plural: true };
    const { draft, random } = this;
    if (slot === 'PO') {
      const phenomenon = this.facet('phenomenon');
      return {
        text: `${phenomenon.text} ${draft.facets.phenomenon.preposition} ${this.facet('object').text}`,
        plural: phenomenon.plural,
      };
    }
    if (slot === 'R2') return this.other('result');
    const facet = FACET_OF_SLOT[slot];
    if (facet !== undefined) return this.facet(facet);
    switch (slot.replace(/\d$/, '')) {
      case 'Q': {
        const quantity = this.term(draft.quantities, inSentence);
        const withSymbol = draft.tex && this.titleTerms !== null && quantity.symbol !== null && random.uniform() < 0.3;
        return withSymbol ? { ...quantity, text: `${quantity.text} $${quantity.symbol}$` } : quantity;
      }
      case 'E':
        return this.term(draft.effects, inSentence);
      case 'T':
        return this.term(draft.tools, inSentence);
      case 'C':
        return this.term(draft.contexts, inSentence);
      case 'X':
        return this.term(draft.examples, inSentence);
      case 'K':
        return this.term(draft.related, inSentence);
      case 'N':
        return { text: citedAuthors(random), plural: true };
      case 'place':
        return { text: place(random), plural: false };
      case 'I':
        return { text: identifier(draft.subfield.style, random), plural: false };
      case 'QV': {
        const quantity = random.pick(draft.quantities.filter(({ symbol }) => symbol !== null));
        inSentence.add(quantity.text);
        return { text: `the ${quantity.text} ${texValue(quantity.symbol!, random)}`, plural: false };
      }
      case 'F':
        return random.pick(draft.subfield.formulas);
      case 'claim': {
        const free = this.freeClaims();
        const claim = random.pick(
          free.length > 0 ? free : draft.subfield.claims.filter((other) => this.claimFits(other)),
        );
        this.usedClaims.add(claim);
        return { text: expand(claim, random, (name) => this.fill(name, numbers, inSentence)), plural: false };
      }
      case 'coined':
        return {
          text: draft.coined ?? random.pick(['our method', 'the proposed method', 'our approach']),
          plural: false,
        };
      default:
        throw new Error(`template: no slot named "${slot}"`);
    }
  }

  private freeClaims(): string[] {
    const { draft } = this;
    if (this.usedClaims.size >= draft.maxClaims) return [];
    return draft.subfield.claims.filter((claim) => !this.usedClaims.has(claim) && this.claimFits(claim));
  }

  private claimFits(claim: string): boolean {
    return this.draft.tex || !usesTex(claim);
  }

  /** A facet under the title's name, a synonym, or its acronym once that is introduced; the object with its qualifier. */
  private facet(facet: Facet): Phrase {
    const { draft, random } = this;
    const said = this.mentions.get(facet) ?? 0;
    this.mentions.set(facet, said + 1);
    let phrase = draft.names[facet];
    if (this.titleTerms !== null) {
      const acronym = this.acronyms.get(facet);
      if (acronym !== undefined && random.uniform() < 0.6) return { text: acronym, plural: phrase.plural };
      if (said === 0 ? !this.keeps(facet) : random.uniform() < (this.keeps(facet) ? 0.25 : 0.6))
        phrase = this.synonym(facet);
    }
    let { text } = phrase;
    if (facet === 'object' && draft.qualifier !== null) {
      const qualified = this.titleTerms === null || (this.keeps('qualifier') && (said === 0 || random.uniform() < 0.5));
      if (qualified) text = `${draft.qualifier} ${text}`;
    } else if (this.titleTerms !== null && said === 0 && facet !== 'result' && facet !== 'setting') {
      const acronym = acronymOf(text, phrase.plural);
      if (acronym !== null && random.uniform() < ACRONYM) {
        this.acronyms.set(facet, acronym);
        draft.names[facet] = phrase;
        text = `${text} (${acronym})`;
      }
    }
    return { text, plural: phrase.plural };
  }

  private other(facet: Facet): Phrase {
    const { subfield, names, tex } = this.draft;
    const options = subfield[`${facet}s` as 'results'].flatMap((concept) => concept.names);
    return this.random.pick(options.filter((phrase) => phrase !== names[facet] && (tex || !phrase.text.includes('$'))));
  }

  private synonym(facet: Facet): Phrase {
    const { facets, names, tex } = this.draft;
    const others = facets[facet].names.filter((name) => name !== names[facet] && (tex || !name.text.includes('$')));
    return others.length > 0 ? this.random.pick(others) : names[facet];
  }

  /** Whether this text keeps the title's words for a concept; what the title does not name is free. */
  private keeps(key: string): boolean {
    let keeps = this.keepsTitleName.get(key);
    if (keeps === undefined) {
      keeps = this.random.uniform() < VERBATIM;
      this.keepsTitleName.set(key, keeps);
    }
    return keeps;
  }

  /** A term of the paper's own few: first one that the title has named, then any that the sentence has not. */
  private term<T extends Phrase>(terms: readonly T[], inSentence: Set<string>): T {
    const free = terms.filter((term) => !inSentence.has(term.text));
    const fromTitle = free.find(
      ({ text }) => this.titleTerms?.has(text) && !this.mentions.has(text) && this.keeps(`term ${text}`),
    );
    const unsaid = free.filter(({ text }) => !this.mentions.has(text) && this.titleTerms?.has(text) !== true);
    const theme = free.filter(
      ({ text }) => this.titleTerms?.has(text) && this.keepsTitleName.get(`term ${text}`) === true,
    );
    let pool = unsaid.length > 0 && this.random.uniform() < 0.5 ? unsaid : free;
    if (theme.length > 0 && this.random.uniform() < 0.6) pool = theme;
    const term = fromTitle ?? (pool.length > 0 ? this.random.pick(pool) : this.random.pick(terms));
    inSentence.add(term.text);
    this.mentions.set(term.text, (this.mentions.get(term.text) ?? 0) + 1);
    return term;
  }
}

/** "convolutional neural networks" -> "CNNs"; null where an acronym would look odd. */
function acronymOf(text: string, plural: boolean): string | null {
  const words = text.split(/[\s-]+/).filter((word) => !/^(?:a|an|the|of|for|in|and|with|to|by)$/.test(word));
  if (words.length < 3 || words.length > 4 || !words.every((word) => /^[A-Za-z]+$/.test(word))) return null;
  if (/\b(?:of|in|with|for|by|from|on|and|to|under|at|near|between)\b/.test(text) || /[A-Z]{2}/.test(text)) return null;
  return words.map((word) => word.charAt(0).toUpperCase()).join('') + (plural ? 's' : '');
}
