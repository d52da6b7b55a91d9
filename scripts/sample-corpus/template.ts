/**
 * Sentence templates: `[a|b|c]` is a choice (may be nested, may be empty), `{X}` a slot, `{X:is/are}` a word that agrees
 * with what the slot X was last filled with. What stands between dollar signs is TeX and is copied.
 */
import type { Random } from '../../lib/core/random.js';
import type { Phrase } from './bank.js';

/** Fills a slot. */
export type Fill = (slot: string) => Phrase;

/** What can be told of a template without expanding it. */
interface TemplateFacts {
  slots: string[];
  tex: boolean;
  words: string[];
}

const known = new Map<string, TemplateFacts>();

function factsOf(template: string): TemplateFacts {
  let facts = known.get(template);
  if (facts === undefined) {
    const matches = template.replace(/\$[^$]*\$/g, '').matchAll(/\{(\w+)\}/g);
    const slots = [...new Set(Array.from(matches, (match) => match[1]!))];
    const tex = template.includes('$') || slots.includes('F') || slots.includes('QV');
    facts = { slots, tex, words: template.replace(/\{[^}]*\}/g, ' ').match(/[a-z]{6,}/g) ?? [] };
    known.set(template, facts);
  }
  return facts;
}

/** Names of the slots that a template may fill, in order, each once. */
export function slotsOf(template: string): string[] {
  return factsOf(template).slots;
}

/** Whether a template may write TeX. */
export function usesTex(template: string): boolean {
  return factsOf(template).tex;
}

/** Words of six letters and more that a template may write itself. */
export function longWordsOf(template: string): string[] {
  return factsOf(template).words;
}

/** Expands a template. @throws Error when brackets do not match or a word agrees with a slot not yet filled */
export function expand(template: string, random: Random, fill: Fill): string {
  const numbers = new Map<string, boolean>();
  let position = 0;

  function sequence(insideChoice: boolean, live: boolean): string {
    let text = '';
    while (position < template.length) {
      const character = template[position]!;
      if (insideChoice && (character === '|' || character === ']')) return text;
      if (character === '$') {
        const end = template.indexOf('$', position + 1);
        text += template.slice(position, end + 1);
        position = end + 1;
      } else if (character === '[') text += choice(live);
      else if (character === '{') text += slot(live);
      else {
        text += character;
        position++;
      }
    }
    if (insideChoice) throw new Error(`template: [ without ] in "${template}"`);
    return text;
  }

  function choice(live: boolean): string {
    const chosen = live ? random.integer(countOptions(template, position)) : -1;
    let text = '';
    for (let option = 0; template[position] !== ']'; option++) {
      position++;
      const optionText = sequence(true, live && option === chosen);
      if (option === chosen) text = optionText;
    }
    position++;
    return text;
  }

  function slot(live: boolean): string {
    const end = template.indexOf('}', position);
    if (end < 0) throw new Error(`template: { without } in "${template}"`);
    const [name = '', agreement] = template.slice(position + 1, end).split(':');
    position = end + 1;
    if (!live) return '';
    if (agreement !== undefined) {
      const plural = numbers.get(name);
      if (plural === undefined) throw new Error(`template: {${name}:...} before {${name}} in "${template}"`);
      return agreement.split('/')[plural ? 1 : 0] ?? '';
    }
    const phrase = fill(name);
    numbers.set(name, phrase.plural);
    if (name === 'PO') numbers.set('P', phrase.plural);
    return phrase.text;
  }

  return sequence(false, true);
}

/** Number of options of the choice that opens at `start`. */
function countOptions(template: string, start: number): number {
  let depth = 0;
  let options = 1;
  for (let i = start; i < template.length; i++) {
    const character = template[i];
    if (character === '$') i = template.indexOf('$', i + 1);
    else if (character === '[') depth++;
    else if (character === '|' && depth === 1) options++;
    else if (character === ']' && --depth === 0) return options;
  }
  throw new Error(`template: [ without ] in "${template}"`);
}
