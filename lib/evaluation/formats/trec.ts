/**
 * Runs, what a system found, in trec_eval's format: "query Q0 document rank score tag".
 *
 * Runs rank by score; the rank column is not looked at, as in trec_eval. Equal scores rank by document id, descending, as
 * there. trec_eval keeps scores in single precision, though, and takes for equal what differs beyond it; here every digit
 * counts, and `evaluateRunFile` says where that matters.
 */
import { UserError } from '../../core/errors.js';
import { agreeing, quantity } from '../../core/quantity.js';
import { readQrels } from '../../datasets/beir/qrels.js';
import { textLines } from '../../files/text-lines.js';
import { badLine, idWriter, notEmpty, writeLines } from '../../files/trec-lines.js';
import { checkScores, countSinglePrecisionTies, type Run, rankDocuments } from '../../retrieval/ranking.js';
import { type EvaluateRunOptions, evaluateRun, type RunEvaluation } from '../evaluate-run.js';

/**
 * Reads a run, however it is compressed and encoded.
 *
 * @throws UserError naming the line that is not of the format, has a score beyond all numbers, or a document that its query
 * has already (trec_eval refuses those as well)
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
    if (!Number.isFinite(value)) {
      throw new UserError(`"${file}" line ${line}: the score ${score} is too large for a number: scale the scores`);
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

/** Writes a run as trec_eval reads it; reading it ranks alike. Scores of single precision are written as short as it allows. */
export async function writeRun(file: string, run: Run, tag: string): Promise<void> {
  const lines: string[] = [];
  const queryField = idWriter();
  const documentField = idWriter();
  const name = tag.replace(/\s+/g, '_') || 'run';
  checkScores(run);
  // one rule for all of a run: a short number is not the number, and beside exact ones might change places
  const isSingle = [...run.values()].every((found) => found.every(({ score }) => Math.fround(score) === score));
  const written = isSingle ? shortest : String;
  for (const [query, documents] of run) {
    rankDocuments(documents).forEach(({ id, score }, i) => {
      lines.push(`${queryField(query)} Q0 ${documentField(id)} ${i + 1} ${written(score)} ${name}\n`);
    });
  }
  await writeLines(file, lines);
}

/** Metrics of a run file against a file of judgements, as the command `metrics` gives them. */
export async function evaluateRunFile(
  runFile: string,
  qrelsFile: string,
  metrics: readonly string[],
  options: EvaluateRunOptions,
): Promise<RunEvaluation> {
  const run = await readRun(runFile);
  const ties = countSinglePrecisionTies(run);
  if (ties > 0) {
    const results = `${quantity(ties, 'results')} ${agreeing(ties, 'differs', 'differ')}`;
    const text = `${results} from the next by less than single precision holds: ranked by score here, by id in trec_eval`;
    options.onMessage?.({ level: 'warning', text });
  }
  return evaluateRun(run, await readQrels(qrelsFile), metrics, options);
}

/** The shortest decimal that single precision reads back as the same number; larger numbers never give smaller ones. */
function shortest(single: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = single.toPrecision(digits);
    if (Math.fround(Number(text)) === single) return String(Number(text));
  }
  return String(Number(single.toPrecision(9)));
}

/** Decimal; "0x10" and "" are numbers to JavaScript alone. */
function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}
