import { type CallExpression, parse, type VariableDeclaration } from 'acorn';

/** A parenthesis that is put into a line of a bundle. */
export interface Parenthesis {
  /** The index of the line, from 0. */
  readonly line: number;
  /** The column in the line before anything was put in, from 0. */
  readonly column: number;
  readonly text: '(' | ')';
}

/**
 * Finds where parentheses make V8 compile the packages of a bundle at once. esbuild holds each CommonJS module in a function that the
 * start calls: `var a = helper((exports, module) => { … })`. V8 only looks such a function through, and reads it again when it is
 * called. It compiles a function in parentheses the first time. Parentheses around a function never change what it does.
 * @returns the parentheses in the order of the code.
 */
export const parenthesesAroundModules = (code: string): Parenthesis[] =>
  parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true })
    .body.filter((statement) => statement.type === 'VariableDeclaration')
    .flatMap(({ declarations }: VariableDeclaration) => declarations)
    .map(({ init }) => init)
    .filter((init): init is CallExpression => init?.type === 'CallExpression')
    .flatMap(({ arguments: [module, ...others] }) => {
      // A call with more arguments is the one by which esbuild keeps a function's name.
      if (others.length > 0 || module?.type !== 'ArrowFunctionExpression' || !module.loc) return [];
      const { start, end } = module.loc;
      return [
        { line: start.line - 1, column: start.column, text: '(' },
        { line: end.line - 1, column: end.column, text: ')' },
      ] as const;
    });

/** Puts parentheses into code. */
export const insertParentheses = (code: string, parentheses: readonly Parenthesis[]): string => {
  const lines = code.split('\n');
  // From the last one on, so that the columns of those before it stay.
  for (const { line, column, text } of parentheses.toReversed()) {
    const before = lines[line] ?? '';
    lines[line] = before.slice(0, column) + text + before.slice(column);
  }
  return lines.join('\n');
};
