/**
 * `export` in a cell. All that a cell declares is there for the cells after it, and tslab exports it by a line that it
 * appends, so the reader's own `export` would be a second one. It is taken out; all positions stay.
 */
import type ts from 'typescript';

/** @returns the code, with blanks where `export`, `export default` and `export { … }` stood */
export function withoutExports(typescript: typeof ts, code: string): string {
  if (!/\bexport\b/.test(code)) return code;
  const file = typescript.createSourceFile('cell.ts', code, typescript.ScriptTarget.Latest, true);
  let result = code;
  const blank = (start: number, end: number): void => {
    const spaces = code.slice(start, end).replace(/[^\n]/g, ' ');
    result = result.slice(0, start) + spaces + result.slice(end);
  };
  for (const statement of file.statements) {
    if (typescript.isExportDeclaration(statement)) {
      const { exportClause, moduleSpecifier } = statement;
      const renames =
        exportClause &&
        typescript.isNamedExports(exportClause) &&
        exportClause.elements.some(({ propertyName }) => propertyName);
      if (!moduleSpecifier && !renames) blank(statement.getStart(), statement.end);
    } else if (typescript.isExportAssignment(statement)) {
      blank(statement.getStart(), statement.expression.getStart());
    } else if (typescript.canHaveModifiers(statement)) {
      for (const modifier of typescript.getModifiers(statement) ?? []) {
        const { ExportKeyword, DefaultKeyword } = typescript.SyntaxKind;
        if (modifier.kind === ExportKeyword || modifier.kind === DefaultKeyword)
          blank(modifier.getStart(), modifier.end);
      }
    }
  }
  return result;
}
