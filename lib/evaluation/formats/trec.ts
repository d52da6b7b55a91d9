/**
 * The files that retrieval research exchanges:
 *
 *   run    query Q0 document rank score tag       what a system found (trec_eval's format)
 *   qrels  query 0 document grade                 what is relevant (TREC)
 *   qrels  query-id<TAB>corpus-id<TAB>score       the same as BEIR writes it, with a line of headings
 *
 * Runs rank by score; the rank column is not looked at, as in trec_eval.
 */
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../core/errors.js';
import { writeFileAtomic } from '../../files/atomic-file.js';
import { textLines } from '../../files/text-lines.js';
import { type Qrels, type Run, rankDocuments } from '../../retrieval/ranking.js';
import { type EvaluateRunOptions, evaluateRun, type RunEvaluation } from '../evaluate-run.js';

/**
 * Reads a run, however it is compressed and encoded.
 *
 * @throws UserError naming the line that is not of the format, has a score beyond single precision, in which runs are
 * ranked, or a document that its query has already (trec_eval refuses those as well)
 */
export async function readRun(file: string): Promise<Run> {
  const run: Run = new Map();
  const seen = new Map<string, Set<string>>();
  for await (const { text, line } of textLines(file)) {
    const [query, , id, , score, ...tag] = text.trim().split(/\s+/);
    if (query === undefined || id === undefined || !isNumber(score) || tag.length > 1) {
      throw badLine(file, line, text, '"query Q0 document rank score tag"');
    }
    const value = Number(score);
    if (!Number.isFinite(Math.fround(value))) {
      throw new UserError(`"${file}" line ${line}: the score ${score} is beyond single precision: scale the scores`);
    }
    const documents = seen.get(query) ?? new Set<string>();
    if (documents.has(id)) {
      throw new UserError(`"${file}" line ${line}: query "${query}" has document "${id}" twice: keep one of the lines`);
    }
    seen.set(query, documents.add(id));
    const found = run.get(query) ?? [];
    found.push({ id, score: value });
    run.set(query, found);
  }
  return notEmpty(run, file);
}

/**
 * Reads judgements, TREC or BEIR, however they are compressed and encoded; which of the two, the first line tells.
 *
 * @throws UserError naming the line that is not of the format, or judges a pair otherwise than an earlier one
 */
export async function readQrels(file: string): Promise<Qrels> {
  const qrels: Qrels = new Map();
  let isBeir: boolean | null = null;
  let headings: { text: string; line: number; query: string | undefined } | null = null;
  for await (const { text, line } of textLines(file)) {
    const fields = fieldsOf(text);
    if (isBeir === null) {
      isBeir = fields.length === 3;
      if (isBeir && isHeading(fields[2])) {
        headings = { text, line, query: fields[0] };
        continue;
      }
    }
    const [query, id, grade] = isBeir ? fields : [fields[0], fields[2], fields[3]];
    if (query === undefined || id === undefined || !isGrade(grade) || fields.length !== (isBeir ? 3 : 4)) {
      throw badLine(file, line, text, isBeir ? '"query-id corpus-id score"' : '"query 0 document grade"');
    }
    // The query of a line that passed for headings: it was a judgement with a damaged grade.
    if (query === headings?.query) throw badLine(file, headings.line, headings.text, '"query-id corpus-id score"');
    const judged = qrels.get(query) ?? new Map<string, number>();
    const earlier = judged.get(id);
    if (earlier !== undefined && earlier !== Number(grade)) {
      throw new UserError(
        `"${file}" line ${line}: query "${query}" and document "${id}" are judged ${earlier} and ${Number(grade)}: keep one of the lines`,
      );
    }
    judged.set(id, Number(grade));
    qrels.set(query, judged);
  }
  return notEmpty(qrels, file);
}

/** Writes a run as trec_eval reads it; scores keep single precision, so that reading ranks alike. */
export async function writeRun(file: string, run: Run, tag: string): Promise<void> {
  const lines: string[] = [];
  const queryField = idWriter();
  const documentField = idWriter();
  const name = tag.replace(/\s+/g, '_') || 'run';
  for (const [query, documents] of run) {
    rankDocuments(documents).forEach(({ id, score }, i) => {
      lines.push(`${queryField(query)} Q0 ${documentField(id)} ${i + 1} ${shortest(score)} ${name}\n`);
    });
  }
  await write(file, lines);
}

/** Writes judgements in TREC's format. */
export async function writeQrels(file: string, qrels: Qrels): Promise<void> {
  const lines: string[] = [];
  const queryField = idWriter();
  const documentField = idWriter();
  for (const [query, judged] of qrels) {
    for (const [id, grade] of judged) lines.push(`${queryField(query)} 0 ${documentField(id)} ${grade}\n`);
  }
  await write(file, lines);
}

/** Metrics of a run file against a file of judgements, as the command `metrics` gives them. */
export async function evaluateRunFile(
  runFile: string,
  qrelsFile: string,
  metrics: readonly string[],
  options: EvaluateRunOptions,
): Promise<RunEvaluation> {
  return evaluateRun(await readRun(runFile), await readQrels(qrelsFile), metrics, options);
}

async function write(file: string, lines: string[]): Promise<void> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await writeFileAtomic(file, lines.join(''));
}

/**
 * Ids as the format can hold them. It separates by white space and has no way to quote it: white space is written as in
 * addresses ("%20"), and an id that then reads like another one is refused, so that no two become one.
 */
function idWriter(): (id: string) => string {
  const escaped = new Map<string, string>();
  const plain = new Set<string>();
  return (id) => {
    if (id === '')
      throw new UserError('an empty id cannot be written to a TREC file: give every query and document one');
    const written = id.replace(/\s/g, (space) =>
      Array.from(Buffer.from(space), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    );
    if (written === id) plain.add(id);
    else escaped.set(written, id);
    if (plain.has(written) && escaped.has(written)) {
      throw new UserError(
        `the ids "${escaped.get(written)}" and "${written}" are the same in a TREC file, which holds no white space: rename one`,
      );
    }
    return written;
  };
}

/** The shortest decimal that single precision reads back as the same number. */
function shortest(score: number): string {
  const single = Math.fround(score);
  for (let digits = 6; digits < 9; digits++) {
    const text = single.toPrecision(digits);
    if (Math.fround(Number(text)) === single) return String(Number(text));
  }
  return String(Number(single.toPrecision(9)));
}

/** Ids of files with tabs may hold spaces; elsewhere any white space separates. */
function fieldsOf(text: string): string[] {
  const tabbed = text.trim().split(/\s*\t\s*/);
  return tabbed.length === 3 || tabbed.length === 4 ? tabbed : text.trim().split(/\s+/);
}

/** Beyond it, gains of 2^grade are infinite; no collection has more than a dozen grades. */
const MOST_GRADE = 1000;

function isGrade(text: string | undefined): boolean {
  return text !== undefined && /^[+-]?\d+(\.0*)?$/.test(text) && Math.abs(Number(text)) <= MOST_GRADE;
}

/** A line of headings, whatever it calls the columns, has a word where the grade stands, and no number of any kind. */
function isHeading(text: string | undefined): boolean {
  return text !== undefined && /^[^\d+-]/.test(text) && !/^(nan|inf|infinity|null|none)$/i.test(text);
}

/** Decimal; "0x10" and "" are numbers to JavaScript alone. */
function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}

function notEmpty<T>(table: Map<string, T>, file: string): Map<string, T> {
  if (table.size === 0) throw new UserError(`"${file}" has no line to read: expected at least one`);
  return table;
}

function badLine(file: string, line: number, text: string, expected: string): UserError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new UserError(`"${file}" line ${line}: expected ${expected}, got "${shown}"`);
}
