/**
 * Arithmetic on colours written as #rrggbb or rgba(r,g,b,a).
 */

/** Red, green, blue in 0..255 and opacity in 0..1. */
export type Rgba = [number, number, number, number];

/** @throws RangeError for any other notation */
export function parseColour(colour: string): Rgba {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (hex) return [...hex.slice(1).map((part) => Number.parseInt(part, 16)), 1] as Rgba;
  const parts = /^rgba?\(([^)]+)\)$/.exec(colour)?.[1]?.split(',').map(Number);
  if (parts && parts.length >= 3 && parts.every(Number.isFinite))
    return [parts[0]!, parts[1]!, parts[2]!, parts[3] ?? 1];
  throw new RangeError(`colour "${colour}": expected #rrggbb or rgba(r,g,b,a)`);
}

/** The colour that lies `share` of the way from one to the other. */
export function mixColours(from: string, to: string, share: number): Rgba {
  const a = parseColour(from);
  const b = parseColour(to);
  return a.map((value, i) => value + (b[i]! - value) * share) as Rgba;
}

export function hexColour([red, green, blue]: Rgba): string {
  return `#${[red, green, blue].map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`;
}

/** Lighter (share > 0, towards white) or darker (share < 0, towards black). */
export function tint(colour: string, share: number): string {
  return hexColour(mixColours(colour, share < 0 ? '#000000' : '#ffffff', Math.abs(share)));
}

/** The colour of a Plotly colour scale, [[0, colour], ..., [1, colour]], at a position in 0..1. */
export function scaleColour(scale: readonly [number, string][], position: number): Rgba {
  const at = Math.min(1, Math.max(0, position));
  const above = Math.max(
    1,
    scale.findIndex(([stop]) => stop >= at),
  );
  const [low, from] = scale[above - 1]!;
  const [high, to] = scale[above]!;
  return mixColours(from, to, high === low ? 1 : (at - low) / (high - low));
}
