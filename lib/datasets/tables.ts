/**
 * Papers as arquero tables: the whole, and its summaries.
 */
import { type ColumnTable, table } from 'arquero';
import { ROLES } from '../config/config.js';
import { titleInAbstract } from './cleaning/rules.js';
import { ofPairs, type Paper, type SplitPaper } from './paper.js';

/** Title and abstract as one text, as a reader sees a paper. */
export function paperText(paper: Pick<Paper, 'title' | 'abstract'>): string {
  return `${paper.title}\n\n${paper.abstract}`;
}

/**
 * One row a paper: id, title, abstract, topic, role, categories (array), published (ISO date or null), text (title and
 * abstract), split, and titleInAbstract.
 */
export function papersTable(papers: readonly SplitPaper[]): ColumnTable {
  return table({
    id: papers.map((paper) => paper.id),
    title: papers.map((paper) => paper.title),
    abstract: papers.map((paper) => paper.abstract),
    topic: papers.map((paper) => paper.topic),
    role: papers.map((paper) => paper.role),
    categories: papers.map((paper) => paper.categories),
    published: papers.map((paper) => paper.published),
    text: papers.map(paperText),
    split: papers.map((paper) => paper.split),
    titleInAbstract: papers.map(titleInAbstract),
  });
}

/**
 * One row a topic: role, topic, papers, train, validation, test; by role, then by name. Of pairs, which have no roles, one row
 * a data set: set, pairs, train, validation, test.
 */
export function topicTable(papers: readonly SplitPaper[]): ColumnTable {
  const groups = groupBy(papers, (paper) => paper.topic);
  const place = (group: readonly SplitPaper[]): number => ROLES.indexOf(group[0]!.role);
  const rows = [...groups]
    .sort(([a, first], [b, second]) => place(first) - place(second) || (a < b ? -1 : 1))
    .map(([, group]) => group);
  const topics = rows.map((group) => group[0]?.topic);
  const sizes = rows.map((group) => group.length);
  return table({
    ...(ofPairs(papers)
      ? { set: topics, pairs: sizes }
      : { role: rows.map((group) => group[0]?.role), topic: topics, papers: sizes }),
    train: rows.map((group) => group.filter((paper) => paper.split === 'train').length),
    validation: rows.map((group) => group.filter((paper) => paper.split === 'validation').length),
    test: rows.map((group) => group.filter((paper) => paper.split === 'test').length),
  });
}

/** Columns of {@link yearTable}, and a name that tables cannot give to one. */
const RESERVED: readonly string[] = ['year', 'papers', '__proto__'];

/**
 * One row a year of first publication (null: unknown), rising: year, papers, and a column for each topic. A topic named
 * "year" or "papers" has the column "topic year" or "topic papers".
 */
export function yearTable(papers: readonly SplitPaper[]): ColumnTable {
  const groups = groupBy(papers, (paper) => paper.published?.slice(0, 4) ?? '');
  const years = [...groups.keys()].sort();
  const topics = [...new Set(papers.map((paper) => paper.topic))];
  const columns: Record<string, unknown[]> = {
    year: years.map((year) => (year === '' ? null : Number(year))),
    papers: years.map((year) => groups.get(year)?.length),
  };
  for (const topic of topics) {
    columns[RESERVED.includes(topic) ? `topic ${topic}` : topic] = years.map(
      (year) => groups.get(year)?.filter((paper) => paper.topic === topic).length,
    );
  }
  return table(columns);
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
