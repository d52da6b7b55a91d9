/**
 * Declarations that a newer TypeScript wrote, for the one of the kernel (5.0), which would take what it does not know for
 * `any`: typed arrays that name their buffer (5.7), the iterators of built-in collections (5.6), `NoInfer` (5.4).
 */

const TYPED_ARRAYS =
  /\b((?:Int|Uint|BigInt|BigUint|Float)(?:8|16|32|64)(?:Clamped)?Array|DataView)<(?:ArrayBuffer|ArrayBufferLike|SharedArrayBuffer)>/g;

/** Global types that came after 5.0, appended to the library of the kernel. */
const ADDED = `
type NoInfer<T> = T;
type BuiltinIteratorReturn = any;
interface IteratorObject<T, TReturn = unknown, TNext = unknown> extends Iterator<T, TReturn, TNext> {
    [Symbol.iterator](): IteratorObject<T, TReturn, TNext>;
}
interface AsyncIteratorObject<T, TReturn = unknown, TNext = unknown> extends AsyncIterator<T, TReturn, TNext> {
    [Symbol.asyncIterator](): AsyncIteratorObject<T, TReturn, TNext>;
}
interface ArrayIterator<T> extends IterableIterator<T> {}
interface MapIterator<T> extends IterableIterator<T> {}
interface SetIterator<T> extends IterableIterator<T> {}
interface StringIterator<T> extends IterableIterator<T> {}
interface RegExpStringIterator<T> extends IterableIterator<T> {}
`;

/** What the compiler should read where a declaration file says `text`. */
export function forOlderTypeScript(path: string, text: string): string {
  if (!path.endsWith('.d.ts')) return text;
  if (/[\\/]typescript-for-tslab[\\/]lib[\\/]lib\.es2022\.d\.ts$/.test(path)) return text + ADDED;
  return text.replace(TYPED_ARRAYS, '$1');
}
