/**
 * A result replaces an older result of its kind, and nothing else that happens to have the name: a mistyped `--output` must
 * not cost a model or a corpus. Asked before the work, not after.
 */
import { stat } from 'node:fs/promises';
import { UserError } from '../core/errors.js';
import { textLines } from './text-lines.js';

/** What may be replaced. */
export interface ReplaceableKind {
  /** In words: "embeddings". */
  what: string;
  /** The option that names the file. */
  option: string;
  /** Whether the file is of the kind; throwing says no. */
  isOne(path: string): Promise<boolean>;
}

/** @throws UserError where a file of another kind has the name; empty ones, and what is no file, such as /dev/null, may be written */
export async function checkReplaceable(path: string, { what, option, isOne }: ReplaceableKind): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile() || found.size === 0) return;
  if (await isOne(path).catch(() => false)) return;
  throw new UserError(`${path} is there and holds no ${what}: choose another ${option}, or move it away`);
}

/** Whether the first line that is not blank is one of them; `check` throws or says no where it is not. */
export async function isFirstLine(path: string, check: (text: string) => boolean): Promise<boolean> {
  for await (const { text } of textLines(path)) if (text.trim() !== '') return check(text);
  return false;
}
