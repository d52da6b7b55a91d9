/** Lines of a text file, plain or gzip, streamed: for runs, judgements and corpora in the field's formats. */
import { LineSplitter, MAX_LINE_BYTES } from '../../datasets/files/lines.js';
import { openBytes } from '../../datasets/files/open.js';
import { UserError } from '../../errors.js';

export interface TextLine {
  text: string;
  /** From 1. */
  line: number;
}

/**
 * Lines that are not blank, without a byte-order mark.
 *
 * @throws UserError if the file is missing, empty or damaged
 */
export async function* textLines(path: string): AsyncGenerator<TextLine> {
  const { chunks } = await openBytes(path);
  let ready: TextLine[] = [];
  const splitter = new LineSplitter(
    (buffer, start, end, line) => {
      const text = buffer.toString('utf8', start, end);
      const plain = line === 1 ? text.replace(/^\uFEFF/, '') : text;
      if (plain.trim() !== '') ready.push({ text: plain, line });
    },
    (line) => {
      throw new UserError(
        `"${path}" line ${line} is longer than ${MAX_LINE_BYTES / 2 ** 20} MiB: expected short lines`,
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
