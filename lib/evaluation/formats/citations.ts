/**
 * Papers with their references as an evaluation task: the title of a paper must find what the paper cites (Cohan et al.,
 * 2020, arXiv:2004.07180). Split by time: papers from a day on ask, the papers before it are searched, so that nobody is
 * asked for what could not be cited yet.
 *
 * JSON lines, plain or .gz: `id`, `title`, `abstract` (or `text`), `published` (2021, "2021-05" or "2021-05-03") and
 * `references`, ids of other papers of the file. References to papers that the file lacks are left out, and counted.
 */

import { z } from 'zod';
import { UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { agreeing, quantity } from '../../core/quantity.js';
import { jsonRecords } from '../../files/json-records.js';
import type { Qrels } from '../../retrieval/ranking.js';
import type { CorpusDocument, Query } from '../../retrieval/systems/retrieval-system.js';

export interface CitationTask {
  corpus: CorpusDocument[];
  /** Titles of the papers that cite some paper of the corpus. */
  queries: Query[];
  qrels: Qrels;
}

export interface CitationOptions extends Pick<Reporting, 'onMessage'> {
  /** ISO date; null: the day from which on the latest `share` of the papers are. */
  from: string | null;
  /** Of the papers, 0 to 1. */
  share: number;
}

const id = z.union([z.string().trim().min(1), z.int()]).transform(String);
const paperSchema = z.object({
  id,
  title: z.string().trim().min(1),
  abstract: z.string().nullish(),
  text: z.string().nullish(),
  published: z
    .union([
      z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?/, 'must be a date such as 2021-05-03'),
      z.int().min(1000).max(9999),
    ])
    .transform(String),
  references: z.array(id).default([]),
});
type CitingPaper = z.infer<typeof paperSchema>;

/** @throws UserError for a line that is no such paper, an id twice, and where nothing is left to ask or to search */
export async function readCitations(file: string, { from, share, onMessage }: CitationOptions): Promise<CitationTask> {
  const papers = new Map<string, CitingPaper>();
  for await (const paper of jsonRecords(file, paperSchema)) {
    if (papers.has(paper.id)) throw new UserError(`"${file}" has paper "${paper.id}" twice: ids must be unique`);
    papers.set(paper.id, paper);
  }
  const first = from ?? dayOfLatest([...papers.values()], share);
  const searched = [...papers.values()].filter(({ published }) => published < first);
  const earlier = new Set(searched.map(({ id }) => id));
  const qrels: Qrels = new Map();
  let unknown = 0;
  for (const { id, published, references } of papers.values()) {
    if (published < first) continue;
    unknown += references.filter((reference) => !papers.has(reference)).length;
    const cited = references.filter((reference) => earlier.has(reference));
    if (cited.length > 0) qrels.set(id, new Map(cited.map((reference) => [reference, 1])));
  }
  if (qrels.size === 0) {
    throw new UserError(
      `no paper of "${file}" from ${first || 'any day'} on cites an earlier one of the file: check its references, or set datasets.split.testFrom`,
    );
  }
  onMessage?.({
    level: 'info',
    text: `citations: ${quantity(qrels.size, 'papers')} from ${first} on ${agreeing(qrels.size, 'asks for what it cites', 'ask for what they cite')} among ${searched.length} earlier ones; ${quantity(unknown, 'references')} ${agreeing(unknown, 'is', 'are')} to papers that the file lacks`,
  });
  return {
    corpus: searched.map(({ id, title, abstract, text }) => ({
      id,
      title,
      text: `${title} ${abstract ?? text ?? ''}`.trimEnd(),
    })),
    queries: Array.from(qrels.keys(), (id) => ({ id, text: papers.get(id)!.title })),
    qrels,
  };
}

/** The day from which on the latest `share` of the papers are; empty where there is none. */
function dayOfLatest(papers: readonly CitingPaper[], share: number): string {
  const days = papers.map(({ published }) => published).sort();
  return days[Math.floor((1 - share) * days.length)] ?? '';
}
