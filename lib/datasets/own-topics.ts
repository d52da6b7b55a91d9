/**
 * The topics of the reader's own rows. Those that the configuration names have their roles; all others are main, under
 * their own names as far as a report can show so many.
 */
import { ROLES } from '../config/config.js';
import type { Reporting } from '../core/events.js';
import type { Paper } from './paper.js';
import { WHOLE_CORPUS } from './sources/columns.js';
import { paperWith } from './stored-paper.js';
import type { Topic } from './topics.js';

/** Topics of one's own that keep their names; of more than these, the smaller ones are one topic. */
const MOST_TOPICS = 40;
/** The topic of those that do not. */
const OTHER_TOPICS = 'other topics';

/**
 * @returns the topics that the papers have, by role, configured ones first; and the papers, each of one of them
 */
export function ownTopics(
  papers: readonly Paper[],
  configured: readonly Topic[],
  { onMessage }: Reporting = {},
): { topics: Topic[]; papers: Paper[] } {
  const sizes = new Map<string, number>();
  for (const { topic } of papers) sizes.set(topic, (sizes.get(topic) ?? 0) + 1);
  const known = configured.filter(({ name }) => sizes.has(name));
  const names = new Set(known.map(({ name }) => name));
  const own = [...sizes.keys()].filter((name) => !names.has(name)).sort();
  const bySize = [...own].sort((a, b) => sizes.get(b)! - sizes.get(a)! || (a < b ? -1 : 1));
  const small = new Set(bySize.slice(MOST_TOPICS));
  const kept = own.filter((name) => !small.has(name));
  const mainNames = small.size > 0 ? [...new Set([...kept, OTHER_TOPICS])] : kept;
  const topics = [...known, ...mainNames.map((name): Topic => ({ name, role: 'main' }))];
  topics.sort((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role));
  const text = describe(known, kept, small.size);
  if (text !== null) onMessage?.({ level: 'info', text });
  return {
    topics,
    papers: small.size === 0 ? [...papers] : papers.map((of) => (small.has(of.topic) ? inOther(of) : of)),
  };
}

function inOther(paper: Paper): Paper {
  return paperWith(paper, { topic: OTHER_TOPICS, role: 'main' as const });
}

/** Names in a message; the rest is a number. */
const NAMED = 5;

/** Which topics have which roles; null where rows name none. */
function describe(known: readonly Topic[], own: readonly string[], small: number): string | null {
  if (known.length === 0 && own.every((name) => name === WHOLE_CORPUS)) return null;
  const list = (names: readonly string[]): string =>
    names.length > NAMED ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more` : names.join(', ');
  const parts: string[] = [];
  if (known.length > 0) parts.push(`with the roles of the configuration: ${list(known.map(({ name }) => name))}`);
  if (own.length > 0) parts.push(`main, as the configuration has no other role for them: ${list(own)}`);
  if (small > 0) parts.push(`${small} smaller ones count as one, "${OTHER_TOPICS}"`);
  return `topics ${parts.join('; ')}`;
}
