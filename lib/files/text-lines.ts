/**
 * Lines of a text file, whatever its compression and encoding (see open.ts and text-encoding.ts), streamed, since a file
 * may be longer than a string can be. They end at line feeds alone: `readline` also breaks at U+2028, which texts hold.
 * Every text that enters goes through here or through `openText`.
 */
import { isUtf8 } from 'node:buffer';
import { UserError } from '../core/errors.js';
import { LineSplitter, MAX_LINE_BYTES } from './line-splitter.js';
import { type ByteStream, openText } from './open.js';

export interface TextLine {
  text: string;
  /** From 1. */
  line: number;
}

/** A line as it was met; `problem` says why its text cannot be used, and is null where it can. */
export interface CheckedLine extends TextLine {
  problem: string | null;
}

/** All lines, blank ones too, those that are no text marked. @throws UserError if the file is missing, empty or damaged */
export async function* checkedLines(path: string, source?: ByteStream): AsyncGenerator<CheckedLine> {
  const { chunks } = source ?? (await openText(path));
  let ready: CheckedLine[] = [];
  const splitter = new LineSplitter(
    (buffer, start, end, line) => {
      const bytes = buffer.subarray(start, end);
      const problem = textProblem(bytes);
      ready.push({ text: problem === null ? bytes.toString('utf8') : '', line, problem });
    },
    (line) => ready.push({ text: '', line, problem: `longer than ${MAX_LINE_BYTES / 2 ** 20} MiB` }),
  );
  for await (const chunk of chunks) {
    splitter.push(chunk);
    yield* ready;
    ready = [];
  }
  splitter.finish();
  yield* ready;
}

/**
 * The lines, without a byte-order mark.
 *
 * @param options.keepBlank gives blank lines too
 * @throws UserError if the file is missing, empty or damaged, or naming the line that is no text
 */
export async function* textLines(path: string, { keepBlank = false } = {}): AsyncGenerator<TextLine> {
  for await (const { text, line, problem } of checkedLines(path)) {
    if (problem !== null) {
      throw new UserError(`"${path}" line ${line}: ${problem}; save the file as UTF-8 text and try again`);
    }
    if (keepBlank || text.trim() !== '') yield { text, line };
  }
}

/** Why the bytes are no text, or null. */
export function textProblem(bytes: Buffer): string | null {
  if (!isUtf8(bytes)) return 'not UTF-8';
  return bytes.includes(0) ? 'holds a NUL character, which no text has' : null;
}
