/** What the package exports is what `exports.txt` lists, each with a docstring. */
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const ENTRY = fileURLToPath(new URL('../../lib/index.ts', import.meta.url));

interface Export {
  name: string;
  kind: 'value' | 'type';
  documentation: string;
}

function publicExports(): Export[] {
  const program = ts.createProgram([ENTRY], {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(ENTRY)!)!;
  return checker.getExportsOfModule(module).map((symbol) => {
    const original = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return {
      name: symbol.name,
      kind: original.flags & ts.SymbolFlags.Value ? 'value' : 'type',
      documentation: ts.displayPartsToString(original.getDocumentationComment(checker)),
    };
  });
}

describe('the public surface', () => {
  const exports = publicExports();

  it('exports what exports.txt lists', async () => {
    const lines = exports.map(({ kind, name }) => `${kind} ${name}`).sort();
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(
      'exports.txt',
      'lib/index.ts and test/public-surface/exports.txt differ. If the change is meant, say so in CHANGELOG.md and run: npx vitest run test/public-surface --update',
    );
  });

  it('has a docstring for each export', () => {
    expect(exports.filter(({ documentation }) => documentation === '').map(({ name }) => name)).toEqual([]);
  });
});
