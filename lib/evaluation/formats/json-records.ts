/** Records from JSON lines that must all be right: judged collections, where a line left out would change a metric. */
import type { z } from 'zod';
import { UserError } from '../../core/errors.js';
import { jsonObjectOf } from '../../files/json.js';
import { textLines } from '../../files/text-lines.js';

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
      const issue = record.error.issues[0];
      throw new UserError(`"${file}" line ${line}: ${issue?.path.join('.')} ${issue?.message.toLowerCase()}`);
    }
    yield record.data;
  }
}
