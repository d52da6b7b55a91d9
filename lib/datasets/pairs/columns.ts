/**
 * Which columns of a table of pairs hold what: as the settings name them, else by the names that sentence-transformers, BEIR,
 * Tevatron and the training sets on the hub give them.
 */
import type { Config } from '../../config/config.js';
import { didYouMean } from '../../core/did-you-mean.js';
import { UserError } from '../../core/errors.js';

/** Columns of pairs as the settings name them; null: by convention. */
export type ColumnSettings = Config['datasets']['pairColumns'];

/** Columns that a file has. */
export interface PairColumns {
  query: string;
  positive: string;
  /** Each holds a text or a list of texts. */
  negatives: string[];
  score: string | null;
  split: string | null;
  queryId: string | null;
  documentId: string | null;
}

/** Names by convention, those that say the most first; compared without case, and with "_" for "-" and " ". */
const QUERY = ['anchor', 'query', 'question', 'sentence1', 'sentence_a', 'text1', 'premise', 'title'];
const POSITIVE = [
  'positive',
  'pos',
  'positives',
  'positive_passages',
  'answer',
  'response',
  'document',
  'passage',
  'context',
  'sentence2',
  'sentence_b',
  'text2',
  'hypothesis',
  'abstract',
  'text',
];
const NEGATIVE = /^(hard_)?neg(ative)?s?(_?\d+)?$|^(hard_)?negative_passages$/;
const SCORE = ['score', 'label', 'similarity', 'similarity_score', 'relevance', 'grade'];
const SPLIT = ['split'];
const QUERY_ID = ['query_id', 'qid', 'anchor_id', 'question_id'];
const DOCUMENT_ID = ['document_id', 'corpus_id', 'docid', 'doc_id', 'pid', 'passage_id', 'positive_id', 'answer_id'];

/** A column of papers, which other sources read. */
const OF_PAPERS = ['title', 'abstract', 'text'];

/** Whether a header names a query and its answer, and not a title and a text. */
export function looksLikePairs(header: readonly string[], settings: ColumnSettings): boolean {
  if (settings.query !== null || settings.positive !== null) return true;
  const found = byConvention(header, settings);
  if (found.query === null || found.positive === null) return false;
  return !OF_PAPERS.includes(fold(found.query)) && !['abstract', 'text'].includes(fold(found.positive));
}

/** @throws UserError naming the columns that the file lacks, with the nearest that it has */
export function pairColumns(path: string, header: readonly string[], settings: ColumnSettings): PairColumns {
  const { negatives, ...single } = settings;
  const named = [...Object.values(single), ...(negatives ?? [])].filter((name): name is string => name !== null);
  const missing = named.find((name) => !header.includes(name));
  const has = `it has ${header.map((name) => `"${name}"`).join(', ')}`;
  if (missing !== undefined) {
    throw new UserError(
      `"${path}" has no column "${missing}": ${has}${didYouMean(missing, header)}; name the columns with datasets.pairColumns`,
    );
  }
  const { query, positive, ...others } = byConvention(header, settings);
  if (settings.score === null && query !== null && fold(query) === 'premise' && fold(others.score ?? '') === 'label') {
    throw new UserError(
      `"${path}" has a "${others.score}" beside premises and hypotheses, which is a class (on the hub 0 is entailment, 2 contradiction) and no grade: keep the rows that are pairs and leave the column out, or, where more of it is better, name it as datasets.pairColumns.score`,
    );
  }
  if (query !== null && positive !== null) return { query, positive, ...others };
  const [what, known] = query === null ? ['query', QUERY] : ['positive', POSITIVE];
  const near = header.map((name) => didYouMean(fold(name), known)).find((hint) => hint !== '');
  throw new UserError(
    `"${path}" has no column of ${what === 'query' ? 'queries' : 'documents that answer them'}, such as ${known
      .slice(0, 4)
      .map((name) => `"${name}"`)
      .join(', ')}: ${has}${near ?? ''}; name it with datasets.pairColumns.${what}`,
  );
}

function byConvention(
  header: readonly string[],
  settings: ColumnSettings,
): Omit<PairColumns, 'query' | 'positive'> & { query: string | null; positive: string | null } {
  const taken = new Set([...Object.values(settings).flat()].filter((name) => name !== null));
  const free = header.filter((name) => !taken.has(name));
  const find = (known: readonly string[], setting: string | null): string | null => {
    if (setting !== null) return setting;
    for (const name of known) {
      const column = free.find((one) => fold(one) === name);
      if (column !== undefined) {
        free.splice(free.indexOf(column), 1);
        return column;
      }
    }
    return null;
  };
  return {
    query: find(QUERY, settings.query),
    positive: find(POSITIVE, settings.positive),
    negatives: settings.negatives ?? free.filter((name) => NEGATIVE.test(fold(name))),
    score: find(SCORE, settings.score),
    split: find(SPLIT, settings.split),
    queryId: find(QUERY_ID, settings.queryId),
    documentId: find(DOCUMENT_ID, settings.documentId),
  };
}

function fold(name: string): string {
  return name.trim().toLowerCase().replace(/[- ]/g, '_');
}
