/**
 * Questions about papers, other than their titles: JSON lines, plain or .gz, with `paper` (the id of the paper that answers)
 * and `question`. Those of the sample corpus come with it (scripts/sample-corpus/questions.ts).
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UserError } from '../../core/errors.js';
import { jsonRecords } from '../../files/json-records.js';

/** Of the sample corpus: synthetic, without the words of the titles. */
export const SAMPLE_QUESTIONS: string = fileURLToPath(
  new URL('../../../../data/sample-questions.jsonl.gz', import.meta.url),
);

const questionSchema = z.object({ paper: z.string().trim().min(1), question: z.string().trim().min(1) });

/** Questions by the id of their paper. @throws UserError for a line that is no such record */
export async function readQuestions(file: string): Promise<Map<string, string[]>> {
  const questions = new Map<string, string[]>();
  for await (const { paper, question } of jsonRecords(file, questionSchema)) {
    questions.set(paper, [...(questions.get(paper) ?? []), question]);
  }
  if (questions.size === 0) throw new UserError(`"${file}" has no question`);
  return questions;
}
