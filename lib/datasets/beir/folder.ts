/**
 * BEIR folders (Thakur et al., 2021, arXiv:2104.08663): `corpus.jsonl` ({_id, title, text}), `queries.jsonl` ({_id, text}) and
 * `qrels/<split>.tsv`, each plain or .gz. They are evaluated on (evaluation/formats/beir.ts), and trained on (../pairs/beir.ts).
 */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from '../../core/errors.js';
import { jsonRecords } from '../../files/json-records.js';

/** A document, searched by title and text together, as BEIR does. */
export interface BeirDocument {
  id: string;
  text: string;
  title?: string;
}

// Judgements are separated by white space or tabs, so that white space around an id tells nothing apart.
const id = z.union([z.string().trim().min(1), z.int()]).transform(String);
const documentSchema = z.object({ _id: id, title: z.string().nullish(), text: z.string() });
const querySchema = z.object({ _id: id, text: z.string() });

/** @throws UserError for a missing file, a line that is no document, or an id twice */
export async function readBeirCorpus(folder: string): Promise<Map<string, BeirDocument>> {
  const corpus = new Map<string, BeirDocument>();
  const file = beirFile(folder, 'corpus.jsonl');
  for await (const { _id, title, text } of jsonRecords(file, documentSchema)) {
    if (corpus.has(_id)) throw new UserError(`"${file}" has document "${_id}" twice: ids must be unique`);
    corpus.set(_id, { id: _id, text: title ? `${title} ${text}`.trimEnd() : text, ...(title ? { title } : {}) });
  }
  return corpus;
}

/** Texts by id. @throws UserError for a missing file, a line that is no query, or an id twice */
export async function readBeirQueries(folder: string): Promise<Map<string, string>> {
  const queries = new Map<string, string>();
  const file = beirFile(folder, 'queries.jsonl');
  for await (const { _id, text } of jsonRecords(file, querySchema)) {
    if (queries.has(_id)) throw new UserError(`"${file}" has query "${_id}" twice: ids must be unique`);
    queries.set(_id, text);
  }
  return queries;
}

/** The path of a file, or of the same with .gz; null where neither is there. */
export function findBeirFile(folder: string, name: string): string | null {
  const file = path.join(folder, name);
  return [file, `${file}.gz`].find((candidate) => fs.existsSync(candidate)) ?? null;
}

/** @throws UserError where the file is missing */
export function beirFile(folder: string, name: string): string {
  const file = findBeirFile(folder, name);
  if (file !== null) return file;
  throw new UserError(`"${folder}" is no BEIR folder: neither ${name} nor ${name}.gz is in it`);
}
