/**
 * One look for all figures. Colours are those of Okabe and Ito (2008, https://jfly.uni-koeln.de/color), which stay
 * distinct under the common kinds of colour blindness and read on white and on near-black (their blue, #0072b2, is
 * lightened for that: 4.0 : 1 on white, 4.8 : 1 on #111); every role and every kind
 * of system has its own, the same in all figures. Dashes and markers tell systems apart where colour cannot.
 */
import { type Config, ROLES, type Role } from '../config/config.js';
import type { SystemKind } from '../evaluation/report.js';
import { tint } from './colour.js';
import type { Dash, MarkerSymbol } from './figure.js';

export const OKABE_ITO = {
  orange: '#e69f00',
  skyBlue: '#56b4e9',
  green: '#009e73',
  yellow: '#f0e442',
  blue: '#1a86c9',
  vermillion: '#d55e00',
  purple: '#cc79a7',
} as const;

/** For targets, limits and other things to compare with: reads on white (4.5 : 1) and on #111 (4.2 : 1). */
export const NEUTRAL = '#777777';
export const GRID = 'rgba(128,128,128,0.22)';

export const ROLE_COLOURS: Record<Role, string> = {
  main: OKABE_ITO.blue,
  soft: OKABE_ITO.skyBlue,
  hard: OKABE_ITO.vermillion,
  'cross-domain': OKABE_ITO.green,
  different: OKABE_ITO.purple,
};

const SYSTEM_LOOKS: Record<SystemKind, SystemLook> = {
  tuned: { colour: OKABE_ITO.blue, dash: 'solid', symbol: 'circle' },
  untuned: { colour: OKABE_ITO.skyBlue, dash: 'dash', symbol: 'circle' },
  bm25: { colour: OKABE_ITO.orange, dash: 'solid', symbol: 'square' },
  openai: { colour: OKABE_ITO.green, dash: 'solid', symbol: 'diamond' },
  transformers: { colour: OKABE_ITO.purple, dash: 'solid', symbol: 'triangle-up' },
  hybrid: { colour: OKABE_ITO.vermillion, dash: 'dashdot', symbol: 'cross' },
  custom: { colour: NEUTRAL, dash: 'dot', symbol: 'diamond' },
};

export function isRole(name: string): name is Role {
  return (ROLES as readonly string[]).includes(name);
}

/** Data sets side by side, which have no role. */
export function setColours(names: readonly string[]): Map<string, string> {
  const colours = Object.values(ROLE_COLOURS);
  return new Map(names.map((name, i) => [name, tint(colours[i % colours.length]!, i < colours.length ? 0 : 0.45)]));
}

/** From nothing to Okabe and Ito's blue: empty cells show the page, whatever its colour. */
export const SEQUENTIAL_SCALE: [number, string][] = [
  [0, 'rgba(26,134,201,0.04)'],
  [1, 'rgba(26,134,201,1)'],
];

/** Vermillion for negative, nothing for zero, blue for positive. */
export const DIVERGING_SCALE: [number, string][] = [
  [0, 'rgba(213,94,0,1)'],
  [0.5, 'rgba(128,128,128,0.04)'],
  [1, 'rgba(26,134,201,1)'],
];

export interface SystemLook {
  colour: string;
  dash: Dash;
  symbol: MarkerSymbol;
}

/** The look of each system by name; the second of a kind is lighter, the third darker, and so on in turn. */
export function systemLooks(systems: readonly { name: string; kind: SystemKind }[]): Map<string, SystemLook> {
  const seen = new Map<SystemKind, number>();
  const looks = new Map<string, SystemLook>();
  for (const { name, kind } of systems) {
    const look = SYSTEM_LOOKS[kind];
    const nth = seen.get(kind) ?? 0;
    seen.set(kind, nth + 1);
    looks.set(name, { ...look, colour: sibling(look.colour, nth) });
  }
  return looks;
}

/** Role of each topic. A map, since topics of foreign data may have any name, `__proto__` included. */
export type TopicRoles = ReadonlyMap<string, Role>;

/**
 * The role of each topic, as the configuration has it.
 *
 * @param found topics of the papers: those of one's own rows that no role is configured for are main ones
 */
export function topicRoles(categories: Config['datasets']['categories'], found: Iterable<string> = []): TopicRoles {
  return new Map([
    ...Array.from(found, (topic): [string, Role] => [topic, 'main']),
    ...ROLES.flatMap((role) => (categories[role] ?? []).map((topic): [string, Role] => [topic, role])),
  ]);
}

/** Each topic once: by role, then by name, and last those without a role. The order of every figure and table. */
export function orderTopics(topics: Iterable<string>, roles: TopicRoles): string[] {
  const place = (topic: string): number => {
    const role = roles.get(topic);
    return role === undefined ? ROLES.length : ROLES.indexOf(role);
  };
  return [...new Set(topics)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

/** Rows of a table about topics in the same order; the row of all topics together comes first. */
export function inTopicOrder<T extends { topic: string }>(rows: readonly T[], roles: TopicRoles): T[] {
  const order = new Map(
    orderTopics(
      rows.map(({ topic }) => topic),
      roles,
    ).map((topic, i) => [topic, i]),
  );
  const place = ({ topic }: T): number => (topic === 'all' && !roles.has('all') ? -1 : order.get(topic)!);
  return [...rows].sort((a, b) => place(a) - place(b));
}

/** Each topic in the colour of its role, siblings lighter and darker; topics without a role are grey. */
export function topicColours(topics: readonly string[], roles: TopicRoles): Map<string, string> {
  const colours = new Map<string, string>();
  const seen = new Map<string, number>();
  for (const topic of topics) {
    const role = roles.get(topic);
    const nth = seen.get(role ?? '') ?? 0;
    seen.set(role ?? '', nth + 1);
    colours.set(topic, sibling(role ? ROLE_COLOURS[role] : '#888888', nth));
  }
  return colours;
}

function sibling(colour: string, nth: number): string {
  return tint(colour, [0, 0.45, -0.35][nth % 3]!);
}
