/**
 * Variables that cells share. tslab runs each cell as a function and keeps what the cell declares on one object, `exports`;
 * a later cell's `n` is rewritten to `exports.n`. That rewriting missed `{ n }`, took the `n` of `{ n: other }` for the
 * variable, and left a function with the variable of the cell that it was written in. This one replaces it: every use of a
 * variable, function or class at the top of a cell, in the cell itself too, reads and writes the shared one.
 */
import type ts from 'typescript';

type TypeScript = typeof ts;
interface CellFile extends ts.SourceFile {
  /** What is declared at the top of the file, by name; internal to the compiler. */
  locals?: Map<string, ts.Symbol>;
}

/**
 * @param previous declarations of the cells before
 * @param cell what the compiler made of the cell, not yet a CommonJS module
 */
export function shareVariables(
  typescript: TypeScript,
  checker: ts.TypeChecker,
  previous: ts.SourceFile,
  cell: ts.SourceFile,
  context: ts.TransformationContext,
): ts.SourceFile {
  const { factory } = typescript;
  const source = typescript.getParseTreeNode(cell, typescript.isSourceFile) as CellFile | undefined;
  if (!source || !/__tslab__\.[jt]s$/.test(source.fileName)) return cell;

  const isShared = (symbol: ts.Symbol | undefined, use: ts.Node): boolean =>
    symbol?.declarations?.some(
      (declaration) =>
        (declaration.getSourceFile() === previous && isTopLevel(typescript, declaration)) ||
        (source.locals?.get(symbol.name) === symbol && isOwn(typescript, declaration, use)),
    ) ?? false;
  const shared = (name: ts.Identifier): ts.PropertyAccessExpression =>
    factory.createPropertyAccessExpression(factory.createIdentifier('exports'), name);
  const isSharedUse = (node: ts.Node): node is ts.Identifier => {
    if (!typescript.isIdentifier(node)) return false;
    const written = typescript.getParseTreeNode(node, typescript.isIdentifier);
    if (!written || isNameOnly(typescript, written)) return false;
    return isShared(checker.getSymbolAtLocation(written), written);
  };

  function visit(node: ts.Node): ts.Node {
    if (typescript.isImportDeclaration(node) || typescript.isExportDeclaration(node)) return node;
    if (typescript.isShorthandPropertyAssignment(node)) return visitShorthand(node);
    if (typescript.isCallExpression(node) && isSharedUse(node.expression)) {
      // (0, exports.f)(…): a plain function has no `this`
      const callee = factory.createParenthesizedExpression(
        factory.createComma(factory.createNumericLiteral(0), shared(node.expression)),
      );
      const given = node.arguments.map((argument) => visit(argument) as ts.Expression);
      return factory.updateCallExpression(node, callee, undefined, given);
    }
    if (isSharedUse(node)) return shared(node);
    return typescript.visitEachChild(node, visit, context);
  }

  /** `{ n }` to `{ n: exports.n }`, in an assignment pattern too. */
  function visitShorthand(node: ts.ShorthandPropertyAssignment): ts.Node {
    const written = typescript.getParseTreeNode(node, typescript.isShorthandPropertyAssignment);
    const initial = node.objectAssignmentInitializer && (visit(node.objectAssignmentInitializer) as ts.Expression);
    if (!written || !isShared(checker.getShorthandAssignmentValueSymbol(written), written)) {
      return initial ? factory.updateShorthandPropertyAssignment(node, node.name, initial) : node;
    }
    const value = initial ? factory.createAssignment(shared(node.name), initial) : shared(node.name);
    return factory.createPropertyAssignment(node.name, value);
  }

  const visited = typescript.visitEachChild(cell, visit, context);
  // functions can be called before the line that declares them
  const functions = visited.statements.flatMap((statement) =>
    typescript.isFunctionDeclaration(statement) && statement.name && statement.body ? [statement.name] : [],
  );
  const hoisted = functions.map((name) =>
    factory.createExpressionStatement(factory.createAssignment(shared(name), factory.createIdentifier(name.text))),
  );
  return factory.updateSourceFile(visited, [...hoisted, ...visited.statements]);
}

/** Whether an identifier stands where no value is read or written: a name that is declared, or that of a property. */
function isNameOnly(typescript: TypeScript, node: ts.Identifier): boolean {
  const { parent } = node;
  if (typescript.isPropertyAccessExpression(parent)) return parent.name === node;
  if (typescript.isBindingElement(parent)) return parent.name === node || parent.propertyName === node;
  if (typescript.isPropertyAssignment(parent)) return parent.name === node;
  return (
    (typescript.isVariableDeclaration(parent) ||
      typescript.isParameter(parent) ||
      typescript.isFunctionLike(parent) ||
      typescript.isClassLike(parent) ||
      typescript.isClassElement(parent) ||
      typescript.isEnumDeclaration(parent) ||
      typescript.isEnumMember(parent) ||
      typescript.isModuleDeclaration(parent)) &&
    parent.name === node
  );
}

/** Whether a declaration of earlier cells is one of theirs, and not a property inside a type. */
function isTopLevel(typescript: TypeScript, declaration: ts.Declaration): boolean {
  let node: ts.Node = declaration;
  while (
    typescript.isBindingElement(node) ||
    typescript.isBindingName(node) ||
    typescript.isVariableDeclaration(node) ||
    typescript.isVariableDeclarationList(node) ||
    typescript.isImportSpecifier(node) ||
    typescript.isNamedImports(node) ||
    typescript.isNamespaceImport(node) ||
    typescript.isImportClause(node)
  ) {
    node = node.parent;
  }
  return typescript.isSourceFile(node.parent) && !typescript.isIterationStatement(node, false);
}

/** Whether a declaration of this cell is shared at this use: variables, functions, and classes outside of themselves. */
function isOwn(typescript: TypeScript, declaration: ts.Declaration, use: ts.Node): boolean {
  if (typescript.isClassDeclaration(declaration)) {
    return !(declaration.pos <= use.pos && use.end <= declaration.end);
  }
  const isValue =
    typescript.isVariableDeclaration(declaration) ||
    typescript.isBindingElement(declaration) ||
    typescript.isFunctionDeclaration(declaration);
  // the `var` of a loop is the loop's own
  return isValue && isTopLevel(typescript, declaration);
}
