/** tslab's compiler of cells, mended: see the modules that this one puts in. */
import { createRequire } from 'node:module';
import type ts from 'typescript';
import { type CellDiagnostic, readableDiagnostics } from './diagnostics.js';
import { loadPatched } from './load-patched.js';
import { forOlderTypeScript } from './newer-types.js';
import { shareVariables } from './shared-variables.js';
import { withoutExports } from './without-exports.js';

interface Conversion {
  diagnostics: CellDiagnostic[];
  declOutput?: string;
  hasToplevelAwait?: boolean;
  [other: string]: unknown;
}

interface Converter {
  convert(previous: string, code: string): Conversion;
  inspect(previous: string, code: string, position: number): unknown;
  complete(previous: string, code: string, position: number): unknown;
  [other: string]: unknown;
}

const require = createRequire(import.meta.url);

/** Loads the compiler of cells in its mended form; the kernel takes it from there. */
export function mendConverter(): void {
  const tslab = createRequire(require.resolve('tslab/package.json'));
  const typescript = tslab('@tslab/typescript-for-tslab') as typeof ts;
  const { readFile } = typescript.sys;
  typescript.sys.readFile = (path, encoding) => {
    const text = readFile(path, encoding);
    return text === undefined ? undefined : forOlderTypeScript(path, text);
  };
  const exported = loadPatched('tslab/dist/converter.js', [
    // files that change beside a running kernel, such as a rebuilt library, start timers that tslab takes for its own
    {
      find: 'sys.setTimeout = (callback) => {',
      replace:
        'sys.setTimeout = (callback, wait) => {\n if (callback.name !== "updateProgramWithWatchStatus") return setTimeout(callback, wait);',
    },
    { find: 'throw new Error("clearing unexpected tiemr");', replace: 'clearTimeout(timeoutId);' },
    {
      find: 'node = ts.visitEachChild(node, wrapPrevIdentifier, nullTransformationContext);\n                for',
      replace:
        'node = exports.shareVariables(ts, checker, declsFile, node, nullTransformationContext);\n                for',
    },
  ]);
  exported.shareVariables = shareVariables;
  const createConverter = exported.createConverter as (options: object) => Converter;
  exported.createConverter = (options: object): Converter => mended(createConverter(options), typescript);
}

function mended(converter: Converter, typescript: typeof ts): Converter {
  const plain = (code: string): string => withoutExports(typescript, code);
  const lost = new Set<string>();
  let last: { declarations: string | undefined; names: string[] } = { declarations: '', names: [] };
  return {
    ...converter,
    convert(previous, code) {
      // the kernel keeps the declarations of a cell when it has ended well
      const ended = last.declarations === previous;
      for (const name of last.names) ended ? lost.delete(name) : lost.add(name);
      const conversion = converter.convert(previous, plain(code));
      last = { declarations: conversion.declOutput, names: declaredNames(conversion.declOutput ?? code) };
      const hasToplevelAwait = conversion.hasToplevelAwait || hasForAwait(typescript, code);
      return { ...conversion, hasToplevelAwait, diagnostics: readableDiagnostics(conversion.diagnostics, lost) };
    },
    inspect: (previous, code, position) => converter.inspect(previous, plain(code), position),
    complete: (previous, code, position) => converter.complete(previous, plain(code), position),
  };
}

function declaredNames(code: string): string[] {
  return [...code.matchAll(/\b(?:const|let|var|function|class)\s+([\w$]+)/g)].map(([, name]) => name as string);
}

/** `for await` outside of functions makes a cell asynchronous as `await` does, which tslab notices alone. */
function hasForAwait(typescript: typeof ts, code: string): boolean {
  if (!/\bfor\s+await\b/.test(code)) return false;
  const inside = (node: ts.Node): boolean => {
    if (typescript.isFunctionLike(node) || typescript.isClassLike(node)) return false;
    if (typescript.isForOfStatement(node) && node.awaitModifier) return true;
    return typescript.forEachChild(node, inside) ?? false;
  };
  return inside(typescript.createSourceFile('cell.ts', code, typescript.ScriptTarget.Latest));
}
