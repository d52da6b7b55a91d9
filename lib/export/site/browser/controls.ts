/** What the reader has chosen: in the form, and in the address of the page, so that a search can be sent to somebody. */
import type { SearchSystem } from '../../../retrieval/systems/search-by.js';
import type { SiteQuery } from '../site-search.js';
import { byId, find } from './dom.js';

export type Choice = Omit<SiteQuery, 'k'>;

/** Names of the fields, in the form as in the address. */
const FILTERS = ['topic', 'from', 'to'] as const;

const field = (): HTMLInputElement => byId<HTMLInputElement>('q');
const radios = (): HTMLInputElement[] => [...document.querySelectorAll<HTMLInputElement>('input[name=system]')];

export function readForm(): Choice {
  const chosen = (id: string): string => find<HTMLSelectElement>(id)?.value ?? '';
  const [topic, from, to] = FILTERS.map(chosen);
  return {
    text: field().value.trim(),
    system: (radios().find(({ checked }) => checked)?.value ?? 'bm25') as SearchSystem,
    ...(topic ? { topic } : {}),
    ...(from ? { from: Number(from) } : {}),
    ...(to ? { to: Number(to) } : {}),
  };
}

export function hasFilters(): boolean {
  return FILTERS.some((id) => (find<HTMLSelectElement>(id)?.value ?? '') !== '');
}

export function clearFilters(): void {
  for (const id of FILTERS) {
    const select = find<HTMLSelectElement>(id);
    if (select) select.value = '';
  }
}

/** Fills the form from the address; what it does not know is as usual. */
export function readAddress(usual: SearchSystem): void {
  const asked = new URLSearchParams(location.search);
  field().value = asked.get('q') ?? '';
  const system = asked.get('system') ?? usual;
  const known = radios().some(({ value, disabled }) => value === system && !disabled) ? system : usual;
  for (const radio of radios()) radio.checked = radio.value === known;
  for (const id of FILTERS) {
    const select = find<HTMLSelectElement>(id);
    if (!select) continue;
    const value = asked.get(id) ?? '';
    select.value = [...select.options].some((option) => option.value === value) ? value : '';
  }
}

/** @param isNew whether "back" returns to the search before */
export function writeAddress({ text, system, ...filters }: Choice, usual: SearchSystem, isNew: boolean): void {
  const asked = new URLSearchParams();
  if (text !== '') asked.set('q', text);
  if (system !== usual) asked.set('system', system);
  for (const id of FILTERS) if (filters[id] !== undefined) asked.set(id, String(filters[id]));
  const search = asked.size > 0 ? `?${asked}` : location.pathname;
  if (asked.size > 0 ? location.search === search : location.search === '') return;
  if (isNew) history.pushState(null, '', search);
  else history.replaceState(null, '', search);
}
