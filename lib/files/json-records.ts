/** Records from JSON lines that must all be right: judged collections, where a line left out would change a metric. */
import type { z } from 'zod';
import { UserError } from '../core/errors.js';
import { jsonObjectOf } from './json.js';
import { textLines } from './text-lines.js';

/** @throws UserError naming the first line that is no such record */
export async function* jsonRecords<T>(file: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  for await (const { text, line } of textLines(file)) {
    const object = jsonObjectOf(text);
    if (typeof object === 'string') {
      const hint = text.trimStart().startsWith('[') ? "; convert a JSON array with jq -c '.[]'" : '';
      throw new UserError(`"${file}" line ${line}: ${object}; expected one record a line${hint}`);
    }
    const record = schema.safeParse(object);
    if (!record.success) {
      const { path, message } = record.error.issues[0] as z.core.$ZodIssue;
      const field = path.join('.');
      const found = Object.hasOwn(object, field) ? JSON.stringify(object[field]).slice(0, 40) : 'none';
      const what = field.endsWith('_id')
        ? `expected a text or a whole number, got ${found}`
        : message.replace(/^Invalid input: /, '');
      throw new UserError(`"${file}" line ${line}: ${field} ${what}`);
    }
    yield record.data;
  }
}
