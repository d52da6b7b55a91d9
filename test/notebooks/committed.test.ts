import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../lib/config/config.js';
import { forOlderTypeScript } from '../../scripts/notebook/kernel/newer-types.js';
import { kernelspec } from '../../scripts/notebook/kernelspec.js';
import { codeCells, notebookNames, readNotebook, sourceOf } from './notebook-file.js';

const NAMES = ['1-datasets', '2-tokens', '3-batches', '4-encoder', '5-training', '6-evaluation'].map(
  (name) => `${name}.ipynb`,
);

it('there are six notebooks, and nothing beside them', () => {
  expect(notebookNames()).toEqual(NAMES);
});

describe.each(NAMES)('%s, as committed,', (name) => {
  const notebook = readNotebook(name);

  it('has no outputs and is for the kernel of this project', () => {
    for (const cell of notebook.cells.filter((of) => of.cell_type === 'code')) {
      expect(cell.outputs).toEqual([]);
      expect(cell.execution_count).toBeNull();
    }
    expect(notebook.metadata.kernelspec).toEqual({
      name: 'llm-embedding',
      display_name: kernelspec().display_name,
      language: kernelspec().language,
    });
    expect(notebook.nbformat).toBe(4);
    expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(notebook.cells.length);
  });

  it('opens with what the step is, then the preset, then its settings', () => {
    expect(notebook.cells[0]?.cell_type).toBe('markdown');
    expect(sourceOf(notebook.cells[0]!)).toMatch(/^# \d · \w+\n\n\S/);
    const [first, second] = codeCells(notebook);
    expect(first?.source).toContain("openExperiment('sample')");
    expect(second?.source).toContain('experiment.configure(');
  });

  it('has short cells, imports only from the package, and links only to what exists', () => {
    for (const { id, source } of codeCells(notebook)) {
      const lines = source.split('\n');
      expect(lines.length, id).toBeLessThanOrEqual(12);
      // what fits into a cell of JupyterLab in a window of 1440 pixels
      for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(120);
      for (const [, module] of source.matchAll(/from '([^']+)'/g)) expect(module).toBe('llm-embedding');
    }
    const texts = notebook.cells.filter((of) => of.cell_type === 'markdown').map(sourceOf);
    for (const [, link = ''] of texts.join('\n').matchAll(/\]\(([^)#]+)\)/g)) expect(NAMES).toContain(link);
  });

  it('says of no setting what the preset does not say', () => {
    // A number in a settings cell would stay when the preset is switched, or changes.
    const settings = codeCells(notebook)[1]?.source ?? '';
    const section = /configure\('(\w+)'/.exec(settings)?.[1] as keyof ReturnType<typeof resolveConfig>;
    for (const [, setting = '', value = ''] of settings.matchAll(/^ {2}(\w+): ([^{[].*?),? \/\//gm)) {
      expect(value, setting).toMatch(new RegExp(`^\\w+(\\.\\w+)*\\.${setting}$`));
      // a field stands for categories, which are a setting
      const known = [...Object.keys(resolveConfig()[section] as object), ...(section === 'datasets' ? ['field'] : [])];
      expect(known).toContain(setting);
    }
  });
});

/** What is used of the compiler that the kernel brings. */
type TypeScript = typeof import('typescript');

const root = fileURLToPath(new URL('../../', import.meta.url));
const require = createRequire(join(root, 'node_modules/tslab/package.json'));

describe("in the kernel's own TypeScript", () => {
  const ts = require('@tslab/typescript-for-tslab') as TypeScript;
  const cellFile = (name: string): string => join(root, 'notebooks', `${name}.ts`);
  const sources = new Map(
    NAMES.map((name) => [
      cellFile(name),
      codeCells(readNotebook(name))
        .map(({ source }) => source)
        .join('\n;\n'),
    ]),
  );
  const options = {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.ESNext,
    // as tslab has it, but strict
    moduleResolution: ts.ModuleResolutionKind.Node10,
    esModuleInterop: true,
    strict: true,
    noEmit: true,
    types: ['node'],
    skipLibCheck: false,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  // as the kernel reads declarations
  host.readFile = (path) => sources.get(path) ?? forOlderTypeScript(path, readFile(path) ?? '');
  host.getSourceFile = (path, ...rest) => {
    const source = sources.get(path);
    return source === undefined
      ? getSourceFile(path, ...rest)
      : ts.createSourceFile(path, source, ts.ScriptTarget.ES2022, true);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  const checker = program.getTypeChecker();

  it('is the version that was meant', () => {
    expect(ts.version).toBe('5.0.4');
    expect(existsSync(join(root, 'dist/lib/index.d.ts'))).toBe(true);
  });

  it.each(NAMES)('the cells of %s compile, and nothing in them is any', (name) => {
    const file = program.getSourceFile(cellFile(name))!;
    const problems = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    expect(problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
    const untyped: string[] = [];
    let identifiers = 0;
    const visit = (node: import('typescript').Node): void => {
      if (ts.isIdentifier(node)) {
        identifiers++;
        const type = checker.getTypeAtLocation(node);
        if (type.flags & ts.TypeFlags.Any) untyped.push(`${node.text} in ${node.parent.getText().slice(0, 60)}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    expect(identifiers).toBeGreaterThan(20);
    expect(untyped).toEqual([]);
  });

  it('nothing that the package exports is any, or comes from a declaration that this version cannot read', () => {
    const index = program.getSourceFile(join(root, 'dist/lib/index.d.ts'))!;
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(index)!);
    expect(exported.length).toBeGreaterThan(80);
    const untyped: string[] = [];
    const own = (type: import('typescript').Type): boolean => Boolean(type.flags & ts.TypeFlags.Any);
    for (const alias of exported) {
      const symbol = alias.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(alias) : alias;
      const type =
        symbol.flags & ts.SymbolFlags.Type
          ? checker.getDeclaredTypeOfSymbol(symbol)
          : checker.getTypeOfSymbolAtLocation(symbol, index);
      if (own(type)) untyped.push(symbol.name);
      for (const signature of type.getCallSignatures()) {
        const parts = [
          signature.getReturnType(),
          ...signature.parameters.map((of) => checker.getTypeOfSymbolAtLocation(of, index)),
        ];
        const promised = parts.map((of) => checker.getAwaitedType(of) ?? of);
        if ([...parts, ...promised].some(own)) untyped.push(`${symbol.name}()`);
      }
      for (const property of type.getProperties()) {
        if (symbol.flags & ts.SymbolFlags.Class) continue;
        if (own(checker.getTypeOfSymbolAtLocation(property, index))) untyped.push(`${symbol.name}.${property.name}`);
      }
    }
    expect(untyped).toEqual([]);
    const declarations = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(join(root, 'dist/lib')));
    expect(declarations.length).toBeGreaterThan(50);
    const errors = declarations.flatMap((file) => program.getSemanticDiagnostics(file));
    expect(
      errors.map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`),
    ).toEqual([]);
  });

  it('every function that a cell calls has a docstring', () => {
    const index = program.getSourceFile(join(root, 'dist/lib/index.d.ts'))!;
    const documented = new Map(
      checker
        .getExportsOfModule(checker.getSymbolAtLocation(index)!)
        .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
        .map((symbol) => [symbol.name, ts.displayPartsToString(symbol.getDocumentationComment(checker))]),
    );
    const imported = NAMES.flatMap((name) =>
      [...readFileSync(join(root, 'notebooks', name), 'utf8').matchAll(/\b([a-zA-Z]+)(?=, |,\\n| \})/g)].map(
        ([, word]) => word!,
      ),
    ).filter((word) => documented.has(word));
    expect(imported.length).toBeGreaterThan(20);
    expect([...new Set(imported)].filter((word) => !documented.get(word))).toEqual([]);
  });
});
