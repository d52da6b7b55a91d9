/**
 * Text without the HTML around it: what feeds, dumps and scraped tables write as "&amp;lt;", "H&#8322;O" or "H<sub>2</sub>O".
 */

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi;

/** Undoes the escapes of XML once: the five named ones, a no-break space, and numeric ones. */
export function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(REFERENCE, (whole, decimal: string, hex: string, name: string) => {
    if (name) return NAMED[name.toLowerCase()] ?? whole;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : whole;
  });
}

/** Elements that mark up a phrase. Only whole pairs are taken for one: in "a<b" and "x <i> y", nothing is marked up. */
const PAIR = /<(i|b|em|strong|sub|sup|tt|u|p|span|scp|italic|bold)>([^<>]{0,10000})<\/\1>/gi;
const BREAK = /<br ?\/?>/gi;
/** Pairs within pairs that are undone. */
const DEPTH = 4;

/**
 * Undoes HTML in a text: escapes, twice, since feeds of type "html", and many abstracts, say "&amp;lt;" for a plain "<"; and
 * the tags that mark up a phrase.
 */
export function plainText(text: string): string {
  let plain = unescaped(unescaped(text));
  if (!plain.includes('<')) return plain;
  plain = plain.replace(BREAK, ' ');
  for (let level = 0; level < DEPTH && plain.includes('</'); level++) plain = plain.replace(PAIR, '$2');
  return plain;
}
