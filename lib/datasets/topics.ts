/**
 * Topics and their roles. A topic is a configured arXiv category ("gr-qc") or a whole archive ("q-bio", which stands
 * for q-bio.NC, q-bio.QM and the rest). A paper belongs to the topic of its primary category, whatever it is
 * cross-listed in.
 */
import type { Config, Role } from '../config/config.js';
import { ROLES } from '../config/config.js';
import { UserError } from '../core/errors.js';

export interface Topic {
  name: string;
  role: Role;
}

/** The topic of a primary category, or null if none is configured for it. */
export type TopicLookup = (primaryCategory: string) => Topic | null;

/**
 * The configured topics in the order of the roles.
 *
 * @throws UserError if there is none, no main one, or one under two roles
 */
export function configuredTopics(categories: Config['datasets']['categories']): Topic[] {
  const topics: Topic[] = [];
  for (const role of ROLES) {
    for (const name of categories[role] ?? []) {
      const earlier = topics.find((topic) => topic.name === name);
      if (earlier) {
        throw new UserError(
          `datasets.categories: "${name}" is listed under ${earlier.role} and ${role}; a topic has one role`,
        );
      }
      topics.push({ name, role });
    }
  }
  if (!topics.some((topic) => topic.role === 'main')) {
    throw new UserError('datasets.categories.main is empty: expected at least one category, such as ["gr-qc"]');
  }
  return topics;
}

/** Looks topics up by primary category; "q-bio.NC" is found under its own name first, then under "q-bio". */
export function topicLookup(topics: readonly Topic[]): TopicLookup {
  const byName = new Map(topics.map((topic) => [topic.name, topic]));
  return (primaryCategory) => {
    const exact = byName.get(primaryCategory);
    if (exact) return exact;
    const dot = primaryCategory.indexOf('.');
    return dot < 0 ? null : (byName.get(primaryCategory.slice(0, dot)) ?? null);
  };
}

/**
 * Looks up the topics of the reader's own rows: a configured one as {@link topicLookup} does, and any other as a main one
 * under its own name.
 */
export function ownTopicLookup(configured: readonly Topic[]): TopicLookup {
  const lookup = topicLookup(configured);
  const own = new Map<string, Topic>();
  return (name) => {
    const found = lookup(name) ?? own.get(name);
    if (found) return found;
    const topic: Topic = { name, role: 'main' };
    own.set(name, topic);
    return topic;
  };
}

/**
 * Whether a paper of another topic is also listed in a main category. Such a paper may well answer a main query, so
 * training never takes it as a negative of one.
 */
export function crossListedToMain(
  paper: { role: Role; categories: readonly string[] },
  categories: Config['datasets']['categories'],
): boolean {
  if (paper.role === 'main') return false;
  const lookup = mainLookup(categories.main ?? []);
  return paper.categories.some((category) => lookup(category) !== null);
}

let latest: { names: string; lookup: TopicLookup } | undefined;

/** Made once for all papers of the same settings. */
function mainLookup(main: readonly string[]): TopicLookup {
  const names = main.join(' ');
  if (latest?.names !== names) latest = { names, lookup: topicLookup(main.map((name) => ({ name, role: 'main' }))) };
  return latest.lookup;
}
