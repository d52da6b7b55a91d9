/**
 * Judgements, in the two formats that retrieval research exchanges; which of them, the first line tells:
 *
 *   query 0 document grade                 TREC
 *   query-id<TAB>corpus-id<TAB>score       BEIR, with a line of headings
 */
import { UserError } from '../../core/errors.js';
import { textLines } from '../../files/text-lines.js';
import { badLine, idWriter, notEmpty, writeLines } from '../../files/trec-lines.js';

/** Grades by query id and document id. */
type Grades = Map<string, Map<string, number>>;

/**
 * Reads judgements, however they are compressed and encoded.
 *
 * @throws UserError naming the line that is not of the format, or judges a pair otherwise than an earlier one
 */
export async function readQrels(file: string): Promise<Grades> {
  const qrels: Grades = new Map();
  let columns: QrelsColumns | null = null;
  for await (const { text, line } of textLines(file)) {
    const fields = fieldsOf(text);
    if (columns === null) {
      columns = fields.length === 3 ? BEIR : TREC;
      if (isHeadings(fields, columns)) continue;
    }
    const [query, id, grade] = [fields[0], fields[columns.document], fields[columns.grade]];
    if (query === undefined || id === undefined || grade === undefined || fields.length !== columns.count) {
      throw badLine(file, line, text, columns.expected);
    }
    if (!isGrade(grade)) throw badGrade(file, line, grade, qrels.size === 0);
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

/** Writes judgements in TREC's format. */
export async function writeQrels(file: string, qrels: ReadonlyMap<string, ReadonlyMap<string, number>>): Promise<void> {
  const lines: string[] = [];
  const queryField = idWriter();
  const documentField = idWriter();
  for (const [query, judged] of qrels) {
    for (const [id, grade] of judged) lines.push(`${queryField(query)} 0 ${documentField(id)} ${grade}\n`);
  }
  await writeLines(file, lines);
}

/** Ids of files with tabs may hold spaces; elsewhere any white space separates. */
function fieldsOf(text: string): string[] {
  const tabbed = text.trim().split(/\s*\t\s*/);
  return tabbed.length === 3 || tabbed.length === 4 ? tabbed : text.trim().split(/\s+/);
}

/** Beyond it, gains of 2^grade are infinite; no collection has more than a dozen grades. */
const MOST_GRADE = 1000;

function isGrade(text: string): boolean {
  return /^[+-]?\d+(\.0*)?$/.test(text) && Math.abs(Number(text)) <= MOST_GRADE;
}

/** Where the fields of a judgement stand, from 0. */
interface QrelsColumns {
  document: number;
  grade: number;
  count: number;
  expected: string;
}

const TREC: QrelsColumns = { document: 2, grade: 3, count: 4, expected: '"query 0 document grade"' };
const BEIR: QrelsColumns = { document: 1, grade: 2, count: 3, expected: '"query-id corpus-id score"' };

/** What files call their columns, in any case, with "-", "_", a space or nothing between words. */
const QUERY_NAMES = /^#?(query|topic|question|q|t)([-_ ]?(id|no|num|number))?$/i;
const GRADE_NAMES =
  /^(relevance|relevancy|rel|score|grade|label|judge?ment|rating|gain|qrel|value)s?([-_ ]?(score|grade|label|judge?ment|level|value))?$/i;

/**
 * Whether a line names columns. Only such names make it one: a first judgement whose grade is a word is a fault, and must
 * not be lost as headings.
 */
function isHeadings(fields: readonly string[], columns: QrelsColumns): boolean {
  return QUERY_NAMES.test(fields[0] ?? '') && GRADE_NAMES.test(fields[columns.grade] ?? '');
}

function badGrade(file: string, line: number, grade: string, isFirst: boolean): UserError {
  const headings = isFirst ? ', or name the columns as "query-id corpus-id score" does' : '';
  return new UserError(
    `"${file}" line ${line}: the grade "${grade.slice(0, 60)}" is not a whole number from -${MOST_GRADE} to ${MOST_GRADE}: mend the line${headings}`,
  );
}
