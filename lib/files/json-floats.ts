/**
 * JSON that is read by a language with two kinds of numbers. JavaScript writes 2.0 as 2, and a Python class that expects a
 * float refuses what became an int.
 */

/** A whole number written as a float, with the key that it is of. */
const WHOLE_FLOAT = /"((?:[^"\\]|\\.)*)"\s*:\s*-?\d+\.0+(?=\s*[,}\]])/g;
const INTEGER = /"((?:[^"\\]|\\.)*)"(\s*:\s*)(-?\d+)(?=\s*[,}\]])/g;

/**
 * Writes a value that was read from JSON and changed: what had a decimal point there has one again.
 *
 * @param source the text that it was read from  @returns JSON on several lines
 */
export function jsonLike(source: string, value: unknown, indent = 2): string {
  const floats = new Set(Array.from(source.matchAll(WHOLE_FLOAT), ([, key]) => key));
  const text = JSON.stringify(value, null, indent);
  return text.replace(INTEGER, (whole, key: string, between: string, digits: string) =>
    floats.has(key) ? `"${key}"${between}${digits}.0` : whole,
  );
}
