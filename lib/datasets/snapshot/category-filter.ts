/**
 * Tells from the raw bytes of a snapshot's line whether its paper can be of a wanted primary category, so that the
 * four lines in five that are not need never be parsed as JSON.
 *
 * The key is searched with its quotes and colon. Inside a JSON string a quote is always escaped, so text cannot be
 * taken for the key; a nested object with the same key, an array or an escaped value only leads to a parse that was
 * not needed. A line is skipped when every occurrence of the key names an unwanted primary category.
 */
const KEY = Buffer.from('"categories":');
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const LAST_ASCII = 127;
const OPENING_BRACE = 123;
const CLOSING_BRACE = 125;

export class CategoryFilter {
  private buffer: Buffer | null = null;
  /** Position of the next key at or after the line in hand; found once, however many lines lie before it. */
  private nextKey = -1;

  constructor(private readonly isWanted: (primaryCategory: string) => boolean) {}

  /**
   * The unwanted primary category of the line in bytes [start, end), or null if the line has to be parsed.
   * Lines of one buffer must come in rising order.
   */
  unwanted(buffer: Buffer, start: number, end: number): string | null {
    if (buffer !== this.buffer) {
      this.buffer = buffer;
      this.nextKey = start;
      this.find(start);
    } else if (this.nextKey >= 0 && this.nextKey < start) {
      this.find(start);
    }
    if (buffer[start] !== OPENING_BRACE || buffer[end - 1] !== CLOSING_BRACE) return null;
    let found: string | null = null;
    while (this.nextKey >= 0 && this.nextKey < end) {
      const primary = primaryAt(buffer, this.nextKey + KEY.length, end);
      if (primary === null || this.isWanted(primary)) return null;
      found = primary;
      this.find(this.nextKey + KEY.length);
    }
    return found;
  }

  private find(from: number): void {
    this.nextKey = (this.buffer as Buffer).indexOf(KEY, from);
  }
}

/** The first word of the JSON string at the position; null if there is no plain string or it is empty. */
function primaryAt(buffer: Buffer, position: number, end: number): string | null {
  let start = position;
  while (start < end && buffer[start] === SPACE) start++;
  if (buffer[start] !== QUOTE) return null;
  start++;
  while (start < end && buffer[start] === SPACE) start++;
  let stop = start;
  while (stop < end && buffer[stop] !== SPACE && buffer[stop] !== QUOTE) {
    // An escape, or a character beyond ASCII such as a no-break space: the parser knows what it means.
    if (buffer[stop] === BACKSLASH || (buffer[stop] as number) > LAST_ASCII) return null;
    stop++;
  }
  return stop > start && stop < end ? buffer.toString('latin1', start, stop) : null;
}
