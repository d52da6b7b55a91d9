/** Counts given as options. */
import { UserError } from '../lib/index.js';

/** @throws UserError unless the text is a whole number of at least 1 */
export function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new UserError(`${name} ${text}: expected a whole number of at least 1`);
  return value;
}
