/**
 * The arrows of the layout hold: folders import downwards only, files in no circle, cli and notebooks the public surface.
 * What is still against them stands in `exceptions.txt`, one a line. Whoever mends one deletes its line: an exception that
 * is no longer needed fails too.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { codeCells, notebookNames, readNotebook } from '../notebooks/notebook-file.js';
import { DIRECTLY_BELOW, mayImport } from './arrows.js';
import { importCircles, importedNames, readSourceFiles, type SourceFile } from './source-files.js';

const MOST_LINES_OF_A_FILE = 250;
const MOST_LINES_OF_A_FUNCTION = 80;

/** Something against the architecture: what an exception for it would say, and what it is. */
interface Finding {
  exception: string;
  detail: string;
}

const lib = readSourceFiles('lib');
const findings = {
  arrows: lib.flatMap(importsAgainstTheArrows),
  circles: importCircles(lib).map((files) => ({ exception: `circle ${files.join(' ')}`, detail: 'import each other' })),
  files: lib
    .filter(({ lines }) => lines > MOST_LINES_OF_A_FILE)
    .map(({ path, lines }) => ({ exception: `file ${path}`, detail: `${lines} lines` })),
  functions: lib.flatMap(({ path, functions }) =>
    functions
      .filter(({ lines }) => lines > MOST_LINES_OF_A_FUNCTION)
      .map(({ name, lines }) => ({ exception: `function ${path} ${name}`, detail: `${lines} lines` })),
  ),
};
const exceptions = readFileSync(new URL('./exceptions.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean);

describe('lib', () => {
  it('has the folders that arrows.ts names', () => {
    const entries = readdirSync(fileURLToPath(new URL('../../lib/', import.meta.url)), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(folders.sort()).toEqual(Object.keys(DIRECTLY_BELOW).sort());
  });

  it('imports downwards only', () => {
    expect(unexpected(findings.arrows)).toEqual([]);
  });

  it('has no import circle between files', () => {
    expect(unexpected(findings.circles)).toEqual([]);
  });

  it('imports nothing from outside lib', () => {
    const outside = lib.flatMap(({ path, imports }) =>
      imports
        .filter((name) => /^(cli|scripts|bench|test|\.\.)(\/|$)/.test(name) || name === 'llm-embedding')
        .map((name) => `${path} imports ${name}`),
    );
    expect(outside).toEqual([]);
  });

  it(`has no file above ${MOST_LINES_OF_A_FILE} lines`, () => {
    expect(unexpected(findings.files)).toEqual([]);
  });

  it(`has no function above ${MOST_LINES_OF_A_FUNCTION} lines`, () => {
    expect(unexpected(findings.functions)).toEqual([]);
  });

  it('needs every exception: delete from exceptions.txt what is mended', () => {
    const needed = new Set(Object.values(findings).flatMap((kind) => kind.map(({ exception }) => exception)));
    expect(exceptions.filter((exception) => !needed.has(exception))).toEqual([]);
  });
});

it('cli imports nothing of lib but its public surface', () => {
  const imports = readSourceFiles('cli').flatMap((file) => file.imports.filter((path) => path.startsWith('lib/')));
  expect(new Set(imports)).toEqual(new Set(['lib/index.ts']));
});

it('notebooks import nothing of the project but its public surface', () => {
  const cells = notebookNames().flatMap((name) => codeCells(readNotebook(name)));
  const imports = cells.flatMap(({ source }) => importedNames(source)).filter((name) => !name.startsWith('node:'));
  expect(new Set(imports)).toEqual(new Set(['llm-embedding']));
});

it('sees circles and none where two ways lead to one file, and imports of every form', () => {
  const file = (path: string, ...imports: string[]): SourceFile => ({ path, imports, lines: 1, functions: [] });
  const circle = [file('c', 'd', 'e'), file('e', 'f'), file('f', 'c')];
  expect(importCircles([file('a', 'b', 'c', 'zod'), file('b', 'd'), file('d'), ...circle])).toEqual([['c', 'e', 'f']]);
  const source = "import type { A } from './a.js'; export * from './b.js'; const c = await import('./c.js');";
  expect(importedNames(source)).toEqual(['./a.js', './b.js', './c.js']);
});

function importsAgainstTheArrows({ path, imports }: SourceFile): Finding[] {
  const from = folderOf(path);
  if (from === undefined) return [];
  const allowed = mayImport(from);
  return imports
    .filter((to) => to.startsWith('lib/') && !allowed.has(folderOf(to) ?? 'index.ts'))
    .map((to) => ({ exception: `arrow ${from} -> ${folderOf(to) ?? 'index.ts'}`, detail: `${path} imports ${to}` }));
}

/** The folder of `lib` that a file is in; undefined for the public surface, `lib/index.ts`. */
function folderOf(path: string): string | undefined {
  const [, folder, ...rest] = path.split('/');
  return rest.length > 0 ? folder : undefined;
}

function unexpected(kind: readonly Finding[]): string[] {
  return kind
    .filter(({ exception }) => !exceptions.includes(exception))
    .map(({ exception, detail }) => `${exception}: ${detail}`);
}

/** Files of this project's own making, or of another process of it, where a damaged one counts as none; and a page. */
const PARSES_JSON_ITSELF = [
  'lib/datasets/arxiv/page-store.ts',
  'lib/display/html/plotly.ts',
  'lib/distributed/messages.ts',
  'lib/engine/tensorflow/installation.ts',
  'lib/engine/tensorflow/probe.ts',
  'lib/export/site/browser/page.ts',
  'lib/export/site/browser/worker.ts',
  'lib/files/guarded-file.ts',
  'lib/files/json-keys.ts',
  'lib/files/json.ts',
  'lib/files/lock.ts',
  'lib/files/text-format.ts',
  'lib/pipeline/steps/stored-dataset.ts',
];

it('JSON is read by lib/files/json.ts, which refuses what JSON.parse is silent about', () => {
  const own = [...lib, ...readSourceFiles('cli')]
    .map(({ path }) => path)
    .filter((path) => /JSON\.parse\b/.test(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')));
  expect(own.sort()).toEqual([...PARSES_JSON_ITSELF, 'cli/main.ts'].sort());
});

const COUNTED =
  'papers|documents|queries|texts|titles|abstracts|pairs|rows|lines|files|runs|steps|epochs|batches|bytes|characters|values|numbers|tokens|dimensions|layers|systems|seeds|points|tensors|embeddings|vectors|positions|judgements|results|references|pieces|entries|labels|topics|lengths|elements|arguments|models|words|seconds|minutes|hours|trials|negatives|categories|requests|pages|records|attempts|micro-batches';
/** A number and a plural noun in a template, "${n} papers", where the number is no call and no constant. */
const UNAGREEING = new RegExp(`\\$\\{((?:formatCount\\([^{}]*\\)|[^{}\`?(])*)\\} (?:[a-z]+ )?(?:${COUNTED})\\b`, 'g');
/** Words that stand before a noun, the text of no number; and an end of a range, which is above one. */
const NO_COUNTS = ['evaluation.split', 'kinds[layer]', 'name', 'start + binWidth - 1', 'join(folder, path)'];

it('numbers and nouns agree: quantity and formatQuantity write "1 paper", a template would write "1 papers"', () => {
  const texts = [...lib, ...readSourceFiles('cli')].map(({ path }) => ({
    path,
    text: readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'),
  }));
  const cells = notebookNames().flatMap((name) =>
    codeCells(readNotebook(name)).map(({ source }) => ({ path: name, text: source })),
  );
  const found = [...texts, ...cells].flatMap(({ path, text }) =>
    [...text.matchAll(UNAGREEING)]
      .filter(([, number = '']) => !/^[A-Z_\d +]+$/.test(number) && !NO_COUNTS.includes(number))
      .map(([match]) => `${path}: ${match}`),
  );
  expect(found).toEqual([]);
});
