/** The source files of the project and what they import, read with TypeScript's own parser. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));

export interface SourceFile {
  /** From the project's folder, as in `lib/core/errors.ts`. */
  path: string;
  /** What it imports, types too: files of the project by their path, packages by their name. */
  imports: string[];
  lines: number;
  functions: { name: string; lines: number }[];
}

/** All TypeScript files below `folder` of the project. */
export function readSourceFiles(folder: string): SourceFile[] {
  return readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => parse(join(folder, name)));
}

/** The module specifiers that a text of TypeScript imports, types too. */
export function importedNames(text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map((of) => of.fileName);
}

function parse(path: string): SourceFile {
  const text = readFileSync(join(PROJECT, path), 'utf8');
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number) => tree.getLineAndCharacterOfPosition(position).line;
  const functions: SourceFile['functions'] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      functions.push({ name: nameOf(node), lines: lineOf(node.getEnd()) - lineOf(node.getStart()) + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return {
    path,
    imports: importedNames(text).map((name) => (name.startsWith('.') ? resolveFile(path, name) : name)),
    lines: text.trimEnd().split('\n').length,
    functions,
  };
}

/** A function's own name, or that of the variable or property that holds it. */
function nameOf(node: ts.SignatureDeclaration): string {
  if (ts.isConstructorDeclaration(node)) return `constructor of ${node.parent.name?.text ?? 'a class'}`;
  if (node.name !== undefined) return node.name.getText();
  const holder = node.parent;
  return ts.isVariableDeclaration(holder) || ts.isPropertyAssignment(holder) ? holder.name.getText() : 'a callback';
}

function resolveFile(from: string, specifier: string): string {
  const file = resolve(PROJECT, dirname(from), specifier).replace(/\.js$/, '.ts');
  return relative(PROJECT, file);
}

/** Sets of files that import each other in a circle: the strongly connected components of more than one file (Tarjan). */
export function importCircles(files: readonly SourceFile[]): string[][] {
  const imports = new Map(files.map((file) => [file.path, file.imports]));
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const walk = (path: string): void => {
    order.set(path, order.size);
    lowest.set(path, order.get(path)!);
    open.push(path);
    for (const next of imports.get(path)!) {
      if (!imports.has(next)) continue;
      if (!order.has(next)) walk(next);
      if (open.includes(next)) lowest.set(path, Math.min(lowest.get(path)!, lowest.get(next)!));
    }
    if (lowest.get(path) !== order.get(path)) return;
    const circle = open.splice(open.indexOf(path));
    if (circle.length > 1) circles.push(circle.sort());
  };
  for (const path of imports.keys()) if (!order.has(path)) walk(path);
  return circles;
}
