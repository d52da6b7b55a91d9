/**
 * The value of a cell is shown by whoever has offered to, and printed only where nobody shows it. Out of the box it is always
 * printed as Node prints it.
 */
import { loadPatched } from './load-patched.js';

/** As lib/display/notebook/last-expression.ts sets it. */
const SHOW_VALUE = 'llm-embedding.show-value';

export function mendLastValue(): void {
  loadPatched('tslab/dist/executor.js', [
    {
      find: 'console.log(ret);',
      replace: `if (!globalThis[Symbol.for(${JSON.stringify(SHOW_VALUE)})]?.(ret)) console.log(ret);`,
    },
  ]);
}
