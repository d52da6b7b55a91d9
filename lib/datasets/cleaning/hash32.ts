/**
 * A fast seeded hash of a text: FNV-1a (Fowler, Noll and Vo) with the finalizer of MurmurHash3, which spreads the bits.
 * Not cryptographic.
 *
 * @returns an unsigned 32-bit integer
 */
export function hash32(text: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
