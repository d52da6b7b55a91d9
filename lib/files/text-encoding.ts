/**
 * From the bytes of a text file to UTF-8 with line feeds, told by content: UTF-16 by its byte-order mark, lines that end
 * with a carriage return alone (as old Macs wrote them, mixed with others or not), UTF-8 with or without its mark. Whether the UTF-8 is valid is
 * checked line by line where lines are read, so that a bad one can be named or skipped.
 */
import { UserError } from '../core/errors.js';
import { refuseForeign } from './foreign-formats.js';

/** Bytes from which encoding and line ends are told. */
const SAMPLE_BYTES = 2 ** 16;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** @throws UserError for UTF-32, UTF-16 without its mark, and UTF-16 that is cut off or damaged */
export async function* asUtf8(path: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    const sample = await firstBytes(iterator);
    refuseForeign(path, sample, 'text');
    const encoding = encodingOf(path, sample);
    let rest = joined(sample, iterator);
    if (encoding === 'utf-8-marked') rest = joined(sample.subarray(3), iterator);
    else if (encoding !== 'utf-8') rest = fromUtf16(path, encoding, rest);
    yield* withLineFeeds(rest);
  } finally {
    await iterator.return?.();
  }
}

async function firstBytes(iterator: AsyncIterator<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  while (size < SAMPLE_BYTES) {
    const next = await iterator.next();
    if (next.done) break;
    parts.push(next.value);
    size += next.value.length;
  }
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

async function* joined(first: Buffer, iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
}

type Encoding = 'utf-8' | 'utf-8-marked' | 'utf-16le' | 'utf-16be';

function encodingOf(path: string, sample: Buffer): Encoding {
  const start = sample.toString('hex', 0, 4);
  if (start === 'fffe0000' || start === '0000feff') throw wrongEncoding(path, 'UTF-32');
  if (start.startsWith('fffe')) return 'utf-16le';
  if (start.startsWith('feff')) return 'utf-16be';
  if (start.startsWith('efbbbf')) return 'utf-8-marked';
  // Every second byte of Latin text is NUL in UTF-16.
  const looked = sample.subarray(0, 1024);
  let nulls = 0;
  for (const byte of looked) if (byte === 0) nulls++;
  if (nulls > looked.length / 4) throw wrongEncoding(path, 'UTF-16 or UTF-32 without a byte-order mark, or no text');
  return 'utf-8';
}

function wrongEncoding(path: string, found: string): UserError {
  return new UserError(`"${path}" is ${found}: expected UTF-8, or UTF-16 with its byte-order mark; save it as UTF-8`);
}

async function* fromUtf16(
  path: string,
  encoding: 'utf-16le' | 'utf-16be',
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  const decode = (chunk?: Buffer): Buffer => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }));
    } catch {
      throw new UserError(
        `"${path}" is UTF-16 with half a character after line ${line}: it is damaged or cut off; save it as UTF-8`,
      );
    }
  };
  // Small pieces, so that an error can tell about where it is.
  for await (const chunk of chunks) {
    for (let start = 0; start < chunk.length; start += SAMPLE_BYTES) {
      const text = decode(chunk.subarray(start, start + SAMPLE_BYTES));
      for (let at = text.indexOf(LINE_FEED); at >= 0; at = text.indexOf(LINE_FEED, at + 1)) line++;
      if (text.length > 0) yield text;
    }
  }
  const last = decode();
  if (last.length > 0) yield last;
}

/** Line feeds for carriage returns that stand alone; those before a line feed stay, as a part of the line's end. */
async function* withLineFeeds(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // A carriage return at the end of a chunk waits for what follows.
  let isHeld = false;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    if (isHeld) yield Buffer.from([chunk[0] === LINE_FEED ? CARRIAGE_RETURN : LINE_FEED]);
    isHeld = chunk[chunk.length - 1] === CARRIAGE_RETURN;
    yield withoutLoneReturns(isHeld ? chunk.subarray(0, -1) : chunk);
  }
  if (isHeld) yield Buffer.from([LINE_FEED]);
}

function withoutLoneReturns(chunk: Buffer): Buffer {
  let changed: Buffer | null = null;
  for (let at = chunk.indexOf(CARRIAGE_RETURN); at >= 0; at = chunk.indexOf(CARRIAGE_RETURN, at + 1)) {
    if (chunk[at + 1] === LINE_FEED) continue;
    changed ??= Buffer.from(chunk);
    changed[at] = LINE_FEED;
  }
  return changed ?? chunk;
}
