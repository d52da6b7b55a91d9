/**
 * Lines of a text file, plain or compressed, streamed, since a file may be longer than a string can be. They end at line
 * feeds alone: `readline` also breaks at U+2028, which texts hold.
 */
import { UserError } from '../core/errors.js';
import { LineSplitter, MAX_LINE_BYTES } from './line-splitter.js';
import { openBytes } from './open.js';

export interface TextLine {
  text: string;
  /** From 1. */
  line: number;
}

/**
 * The lines, without a byte-order mark.
 *
 * @param options.keepBlank gives blank lines too
 * @throws UserError if the file is missing, empty or damaged
 */
export async function* textLines(path: string, { keepBlank = false } = {}): AsyncGenerator<TextLine> {
  const { chunks } = await openBytes(path);
  let ready: TextLine[] = [];
  const splitter = new LineSplitter(
    (buffer, start, end, line) => {
      const text = buffer.toString('utf8', start, end);
      const plain = line === 1 ? text.replace(/^\uFEFF/, '') : text;
      if (keepBlank || plain.trim() !== '') ready.push({ text: plain, line });
    },
    (line) => {
      throw new UserError(
        `"${path}" line ${line} is longer than ${MAX_LINE_BYTES / 2 ** 20} MiB: break it into shorter lines`,
      );
    },
  );
  for await (const chunk of chunks) {
    splitter.push(chunk);
    yield* ready;
    ready = [];
  }
  splitter.finish();
  yield* ready;
}
