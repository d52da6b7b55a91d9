/**
 * Step 1 for pairs: all data sets read, put together, divided into sides, and told as papers whose title is the query and whose
 * abstract is the document.
 */

import type { Config } from '../../config/config.js';
import { throwIfAborted, UserError } from '../../core/errors.js';
import type { Reporting } from '../../core/events.js';
import { agreeing, quantity } from '../../core/quantity.js';
import { countMalformed, emptyCounts, type ReadCounts } from '../json-lines.js';
import type { SplitPaper } from '../paper.js';
import { MalformedRecord } from '../record.js';
import { readBeirPairs } from './beir.js';
import { PairCollector } from './collect.js';
import { pairColumns } from './columns.js';
import type { PairFile } from './files.js';
import type { Collection, RawPair } from './pair.js';
import { pairsOfRow } from './row.js';
import type { DataSet } from './sets.js';
import type { PairSource } from './sources.js';
import { openTable } from './tables.js';

/** What was read, before sides are known. */
export interface ReadPairs {
  collector: PairCollector;
  /** Rows and judgements met, those that are no pairs among them. */
  records: number;
  malformed: number;
  collection: Pick<Collection, 'searchesAll' | 'dropSelf' | 'unfound'>;
  /** Ids of documents that are searched though nobody asks for them. */
  corpus: Set<string>;
}

/**
 * @param papersOf the papers of a source of papers
 * @throws UserError for a source that is missing, damaged, or without a pair
 */
export async function readPairs(
  sources: readonly PairSource[],
  config: Config,
  papersOf: (set: DataSet) => Promise<SplitPaper[]>,
  reporting: Reporting,
): Promise<ReadPairs> {
  const read: ReadPairs = {
    collector: new PairCollector(sources.length > 1),
    records: 0,
    malformed: 0,
    collection: { searchesAll: false, dropSelf: false, unfound: [] },
    corpus: new Set(),
  };
  for (const [i, source] of sources.entries()) {
    reporting.onProgress?.({ task: 'reading pairs', done: i, total: sources.length, unit: 'data sets' });
    const before = read.collector.pairs.size;
    if (source.kind === 'beir') await readBeirFolder(read, source.set, reporting);
    else if (source.kind === 'papers') addPapers(read, source.set, await papersOf(source.set));
    else for (const file of source.files) await readTable(read, source.set, file, config, reporting);
    if (read.collector.pairs.size === before) {
      throw new UserError(
        `"${source.set.source}" adds no pair: all of its rows are equal texts, or were met before; expected rows with a query and a document that answers it`,
      );
    }
  }
  reporting.onProgress?.({ task: 'reading pairs', done: sources.length, total: sources.length, unit: 'data sets' });
  return read;
}

async function readTable(
  read: ReadPairs,
  set: DataSet,
  { path, split }: PairFile,
  config: Config,
  reporting: Reporting,
): Promise<void> {
  const table = await openTable(path);
  const columns = pairColumns(path, await table.columns(), set.columns);
  const met = emptyCounts();
  const malformed = (line: number, reason: string): void =>
    countMalformed(path, line, reason, config.datasets.strict, met);
  let rows = 0;
  for await (const { values, line } of table.rows(malformed)) {
    throwIfAborted(reporting.signal, 'nothing was changed');
    rows++;
    try {
      for (const raw of pairsOfRow(values, columns)) read.collector.add(set.name, sided(raw, split));
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      rows--;
      malformed(line, error.message);
    }
  }
  read.records += rows + met.malformed;
  read.malformed += met.malformed;
  tellMalformed(path, rows, met, table.unit, reporting);
}

function sided(raw: RawPair, split: RawPair['split']): RawPair {
  return raw.split === null ? { ...raw, split } : raw;
}

function tellMalformed(path: string, rows: number, met: ReadCounts, unit: string, { onMessage }: Reporting): void {
  const first = met.firstMalformed;
  if (!first) {
    if (rows === 0) throw new UserError(`"${path}" holds no row: expected a query and a document that answers it`);
    return;
  }
  const where = `${unit} ${first.line}: ${first.reason}`;
  if (rows === 0) throw new UserError(`"${path}" holds no pair: ${where}`);
  const text = `${met.malformed} of ${quantity(rows + met.malformed, 'rows')} of "${path}" ${agreeing(met.malformed, 'is no pair and was', 'are no pairs and were')} skipped; the first is ${where}`;
  onMessage?.({ level: 'warning', text });
}

async function readBeirFolder(read: ReadPairs, set: DataSet, { onMessage }: Reporting): Promise<void> {
  const { pairs, corpus, unfound, withoutQuery } = await readBeirPairs(set.source);
  for (const document of corpus.values()) {
    if (document.text.trim() !== '') read.corpus.add(read.collector.document(set.name, document).id);
  }
  for (const pair of pairs) {
    try {
      read.collector.add(set.name, pair);
    } catch (error) {
      if (!(error instanceof MalformedRecord)) throw error;
      const which = `query "${pair.query.id}" with document "${pair.document.id}"`;
      throw new UserError(
        `judgements of "${set.source}": ${which}: ${error.message}; give each pair one grade, in one of qrels/*.tsv`,
      );
    }
  }
  const { collection } = read;
  collection.searchesAll = true;
  collection.dropSelf = true;
  collection.unfound.push(...unfound.map((one) => read.collector.withIds(set.name, one)));
  read.records += pairs.length + unfound.length + withoutQuery;
  read.malformed += unfound.length + withoutQuery;
  const problems = [
    unfound.length > 0 &&
      `${unfound.length} name a document that corpus.jsonl lacks or has no text of, and count as not found`,
    withoutQuery > 0 && `${withoutQuery} name a query that queries.jsonl lacks or has no text of, and are left out`,
  ].filter((problem) => problem !== false);
  if (problems.length === 0) return;
  onMessage?.({ level: 'warning', text: `judgements of "${set.source}": ${problems.join('; ')}` });
}

function addPapers(read: ReadPairs, set: DataSet, papers: readonly SplitPaper[]): void {
  read.records += papers.length;
  for (const { id, title, abstract, split } of papers) {
    read.collector.add(set.name, {
      query: { id, text: title },
      document: { id, text: abstract },
      negatives: [],
      score: null,
      split,
    });
  }
}
