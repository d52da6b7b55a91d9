/**
 * Lines of a stream of bytes, without copying those that lie whole in one chunk. Memory is bounded by the chunk and by
 * {@link MAX_LINE_BYTES}, whatever the length of the stream.
 */

/** Longest line that is kept; the longest of arXiv's is about 100 kB. */
export const MAX_LINE_BYTES = 16 * 2 ** 20;

/**
 * Receives the line in bytes [start, end) of the buffer, without its line break or a byte-order mark; lines count from 1.
 * The bytes are only valid during the call.
 */
export type LineHandler = (buffer: Buffer, start: number, end: number, line: number) => void;

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** Cuts chunks into lines. */
export class LineSplitter {
  /** Lines begun so far. */
  private line = 1;
  private readonly carried: Buffer[] = [];
  private carriedBytes = 0;
  private overlong = false;

  /** @param onOverlong is told of a line longer than {@link MAX_LINE_BYTES}, whose bytes are dropped */
  constructor(
    private readonly onLine: LineHandler,
    private readonly onOverlong: (line: number) => void,
  ) {}

  push(chunk: Buffer): void {
    let start = 0;
    if (this.carriedBytes > 0 || this.overlong) {
      const end = chunk.indexOf(NEWLINE);
      if (end < 0) {
        this.carry(chunk);
        return;
      }
      this.carry(chunk.subarray(0, end));
      this.endCarried();
      start = end + 1;
    }
    for (let end = chunk.indexOf(NEWLINE, start); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.emit(chunk, start, end);
      start = end + 1;
    }
    if (start < chunk.length) this.carry(chunk.subarray(start));
  }

  /** The last line may lack its line break. */
  finish(): void {
    if (this.carriedBytes > 0 || this.overlong) this.endCarried();
  }

  private carry(bytes: Buffer): void {
    if (this.overlong) return;
    this.carriedBytes += bytes.length;
    if (this.carriedBytes > MAX_LINE_BYTES) {
      this.overlong = true;
      this.carried.length = 0;
      return;
    }
    // Copied, because a view would keep the whole chunk of the stream alive.
    this.carried.push(Buffer.from(bytes));
  }

  private endCarried(): void {
    const whole = Buffer.concat(this.carried);
    const wasOverlong = this.overlong;
    this.carried.length = 0;
    this.carriedBytes = 0;
    this.overlong = false;
    if (wasOverlong) this.onOverlong(this.line++);
    else this.emit(whole, 0, whole.length);
  }

  private emit(buffer: Buffer, start: number, end: number): void {
    const trimmed = end > start && buffer[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    // Files that were put together (`cat a b`) have a byte-order mark where each begins; it is no part of an id or a text.
    const marked =
      end - start >= 3 && buffer[start] === 0xef && buffer[start + 1] === 0xbb && buffer[start + 2] === 0xbf;
    this.onLine(buffer, marked ? start + 3 : start, trimmed, this.line++);
  }
}
