/**
 * Foreign text (titles, ids, messages of servers, names in model files) on its way to a terminal. A terminal obeys control
 * characters: ESC sequences move the cursor, write the clipboard (OSC 52) or hide an address behind a link (OSC 8), and
 * bidirectional overrides show other words than were written (CVE-2021-42574). They are made visible instead.
 */

/** C0 but for tab and line feed, DEL, C1, bidirectional controls, line separators, and invisible tags. */
const OBEYED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]|[\u{E0000}-\u{E007F}]/gu;

/** The text with such characters as their pictures (ESC as ␛) or code points (<U+202E>); line breaks and tabs stay. */
export function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(OBEYED, (character) => {
    const code = character.codePointAt(0)!;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    return code === 0x7f ? '␡' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

/** {@link printable} on one line: any run of white space is one space. */
export function printableLine(text: string): string {
  return printable(text.replace(/\s+/g, ' '));
}

/** JSON of the same value, in which such characters are escapes. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(OBEYED, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
