/** Which field a report is about, in words. */
import { FIELDS, fieldOf } from '../config/config.js';
import { WHOLE_CORPUS } from '../datasets/sources/columns.js';
import type { Report } from '../evaluation/report.js';
import { topicRoles } from './palette.js';

/**
 * "Field: astro-ph, astrophysics.", the main categories where no field has them, or the topics of one's own rows that are
 * main; null where the documents have no topics.
 */
export function fieldSentence({ config, corpus }: Pick<Report, 'config' | 'corpus'>): string | null {
  const found = Object.keys(corpus.categories);
  if (found.length === 0 || corpus.kind === 'pairs') return null;
  const { categories } = config.datasets;
  const roles = topicRoles(categories);
  const own = found.filter((topic) => !roles.has(topic)).sort();
  if (own.length === 1 && own[0] === WHOLE_CORPUS) return null;
  const main = categories.main ?? [];
  const mainFound = found.filter((topic) => main.includes(topic));
  const named = own.length > 0 ? [...mainFound, ...own] : main;
  const field = fieldOf(categories);
  if (field !== null && own.length === 0) return `Field: ${field}, ${FIELDS[field].meaning}.`;
  const beyond = named.length - NAMED_TOPICS;
  const list = [...named.slice(0, NAMED_TOPICS), ...(beyond > 0 ? [`${beyond} more`] : [])];
  return `Field: ${list.join(', ')}.`;
}

/** Topics that a sentence names. */
const NAMED_TOPICS = 6;
