/**
 * What the type checker says about a cell, in as many lines as help. It lists a mistake as a chain, from the whole
 * expression down to the cause, with types written out; a reader wants the first and the last of it. Where the kernel is
 * what is in the way, the message says so and what to do instead.
 */

export interface CellDiagnostic {
  start: { offset: number };
  messageText: string;
  code: number;
  fileName?: string;
}

/** Characters of a message; types written out can be thousands. */
const LONGEST = 240;
const CANNOT_FIND_NAME = 2304;
const CANNOT_FIND_NAME_MEANT = 2552;
const NOT_UNDER_ROOT = 6059;

/**
 * @param lost names that cells declared which ended with an error or were stopped
 * @returns one or two messages for each mistake
 */
export function readableDiagnostics<T extends CellDiagnostic>(
  diagnostics: readonly T[],
  lost: ReadonlySet<string>,
): T[] {
  const chains: T[][] = [];
  for (const diagnostic of diagnostics) {
    const chain = chains.at(-1);
    const same = chain?.[0]?.start.offset === diagnostic.start.offset && chain[0].fileName === diagnostic.fileName;
    if (chain && same) chain.push(diagnostic);
    else chains.push([diagnostic]);
  }
  return chains
    .flatMap((chain) => (chain.length > 1 ? [chain[0]!, chain.at(-1)!] : chain))
    .map((diagnostic) => ({ ...diagnostic, messageText: cut(explain(diagnostic, lost)) }));
}

function explain({ code, messageText }: CellDiagnostic, lost: ReadonlySet<string>): string {
  const name = /'([^']+)'/.exec(messageText)?.[1] ?? '';
  if ((code === CANNOT_FIND_NAME || code === CANNOT_FIND_NAME_MEANT) && lost.has(name)) {
    return `'${name}' is not there: its cell ended with an error or was stopped. Run that cell again.`;
  }
  if (code === NOT_UNDER_ROOT) {
    return `${name} can't be imported: the kernel reads TypeScript files from the folder of the notebook alone. Import what is compiled, or from 'llm-embedding'.`;
  }
  return messageText;
}

/** What is meant stands at the end of a message, so the middle goes. */
function cut(text: string): string {
  if (text.length <= LONGEST) return text;
  const meant = /(?:\. )?Did you mean .*$/.exec(text)?.[0] ?? '';
  return `${text.slice(0, LONGEST - meant.length)}…${meant}`;
}
