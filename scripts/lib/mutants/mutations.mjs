import ts from 'typescript';

const { SyntaxKind } = ts;

const OTHER_OPERATORS = new Map([
  [SyntaxKind.EqualsEqualsEqualsToken, '!=='],
  [SyntaxKind.ExclamationEqualsEqualsToken, '==='],
  [SyntaxKind.LessThanToken, '<='],
  [SyntaxKind.LessThanEqualsToken, '<'],
  [SyntaxKind.GreaterThanToken, '>='],
  [SyntaxKind.GreaterThanEqualsToken, '>'],
  [SyntaxKind.AmpersandAmpersandToken, '||'],
  [SyntaxKind.BarBarToken, '&&'],
  [SyntaxKind.PlusToken, '-'],
  [SyntaxKind.MinusToken, '+'],
  [SyntaxKind.AsteriskToken, '/'],
  [SyntaxKind.SlashToken, '*'],
]);
/** What only a reader of the log would notice. */
const LOG_CALL = /\blog(ger)?\.|^logAt\(/;

/**
 * Every small change of a source that compiles as a text: `{ line, start, end, before, after }`, in the order of the source.
 * Operators, conditions, booleans and numbers are changed; calls and throws that stand alone are removed.
 */
export function mutationsOf(fileName, text) {
  const source = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, true);
  const mutations = [];
  const add = (node, after) => {
    const start = node.getStart(source);
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    mutations.push({ line, start, end: node.end, before: text.slice(start, node.end), after });
  };
  const visit = (node) => {
    if (isLeftAlone(node)) return;
    for (const [changed, after] of changesOf(node, source)) add(changed, after);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutations.sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The source with the one change made. */
export function mutated(text, { start, end, after }) {
  return text.slice(0, start) + after + text.slice(end);
}

function isLeftAlone(node) {
  return ts.isImportDeclaration(node) || ts.isTypeNode(node) || ts.isDecorator(node);
}

function changesOf(node, source) {
  if (ts.isBinaryExpression(node)) return changedOperator(node);
  if (ts.isIfStatement(node) || ts.isConditionalExpression(node)) return changedCondition(node);
  if (ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.ExclamationToken) {
    return [[node, node.operand.getText(source)]];
  }
  if (ts.isNumericLiteral(node)) return [[node, `(${node.text} + 1)`]];
  if (node.kind === SyntaxKind.TrueKeyword) return [[node, 'false']];
  if (node.kind === SyntaxKind.FalseKeyword) return [[node, 'true']];
  if (ts.isThrowStatement(node) || isCallStatement(node, source)) return [[node, ';']];
  return [];
}

function changedOperator({ left, operatorToken, right }) {
  const other = OTHER_OPERATORS.get(operatorToken.kind);
  // Two texts are joined by `+`: there is no other way to join them.
  const joinsTexts =
    operatorToken.kind === SyntaxKind.PlusToken && [left, right].some(ts.isStringLiteralLike);
  return other === undefined || joinsTexts ? [] : [[operatorToken, other]];
}

function changedCondition(node) {
  const condition = ts.isIfStatement(node) ? node.expression : node.condition;
  return [
    [condition, 'true'],
    [condition, 'false'],
  ];
}

function isCallStatement(node, source) {
  if (!ts.isExpressionStatement(node)) return false;
  const called = ts.isAwaitExpression(node.expression) ? node.expression.expression : node.expression;
  return ts.isCallExpression(called) && !isSuper(called) && !LOG_CALL.test(called.getText(source));
}

function isSuper({ expression }) {
  return expression.kind === SyntaxKind.SuperKeyword;
}
