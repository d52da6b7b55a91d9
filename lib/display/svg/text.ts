/**
 * How wide text will be, without a browser to ask: widths by group of characters, in em, between those of
 * Helvetica and the wider DejaVu Sans. A few percent too much only leaves a little more room.
 */
const NARROW = /[iljtfrI.,:;'|!()[\]{}/\\\- ]/;
const WIDE = /[mwMWGOQ@%&—]/;
const CAPITAL = /[A-HJ-LN-PR-VX-Z0-9_+=<>~#$−–]/;

export const FONT_FAMILY =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/** Pixels that the text takes at a font size in pixels. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) {
    if (NARROW.test(character)) width += 0.35;
    else if (WIDE.test(character)) width += 0.93;
    else if (CAPITAL.test(character)) width += 0.68;
    else width += character.codePointAt(0)! > 0x2e80 ? 1 : 0.6;
  }
  return width * size;
}

/** The text, or as much of it as fits in front of an ellipsis. */
export function fitText(text: string, size: number, available: number): string {
  if (textWidth(text, size) <= available) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, size) > available) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}
