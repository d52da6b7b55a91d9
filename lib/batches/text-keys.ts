/**
 * Numbers that are the same for equal titles and for equal abstracts, of all papers that batches are planned of. Hashing
 * millions of texts takes a minute, so it is done once for a list of papers, and can be done ahead, with progress.
 */
import { tellingTurns } from '../core/event-loop.js';
import type { Reporting } from '../core/events.js';
import { textNumber } from '../datasets/text-key.js';

export interface PaperTexts {
  title: string;
  abstract: string;
}

/** See {@link textNumber}; by the places of the papers. */
export interface TextKeys {
  titles: Float64Array;
  abstracts: Float64Array;
}

const known = new WeakMap<readonly PaperTexts[], TextKeys>();

/** The keys of a list of papers, computed where they are not {@link prepareTextKeys | prepared}. The list stays as it is. */
export function textKeysOf(papers: readonly PaperTexts[]): TextKeys {
  const found = known.get(papers);
  if (found) return found;
  const keys = emptyKeys(papers.length);
  for (const i of papers.keys()) setKeys(keys, papers, i);
  known.set(papers, keys);
  return keys;
}

/** Computes the keys of a list ahead, politely. @throws Interrupted when the signal fires */
export async function prepareTextKeys(papers: readonly PaperTexts[], reporting: Reporting): Promise<void> {
  if (known.has(papers)) return;
  const keys = emptyKeys(papers.length);
  const told = { task: 'reading texts for batches', total: papers.length, unit: 'papers' };
  const turn = tellingTurns(told, reporting, 'what was done before is kept');
  for (const i of papers.keys()) {
    setKeys(keys, papers, i);
    await turn(i + 1);
  }
  known.set(papers, keys);
}

function emptyKeys(length: number): TextKeys {
  return { titles: new Float64Array(length), abstracts: new Float64Array(length) };
}

function setKeys({ titles, abstracts }: TextKeys, papers: readonly PaperTexts[], i: number): void {
  const { title, abstract } = papers[i] as PaperTexts;
  titles[i] = textNumber(title);
  abstracts[i] = textNumber(abstract);
}
