// Where the server says an expression is wrong: `line 2, column 7` in its words.
import { toProblem } from '@/api/problem';
import { sentenceCase } from '@/lib/format';

export interface Refusal {
  /** Whether it is the expression that was refused, and not something else of the rule. */
  isOfExpression: boolean;
  words: string;
  /** The line in question, and below it a mark under the place. */
  excerpt?: { line: string; mark: string };
}

const POSITION = /line (\d+), column (\d+)/;
/** What the server calls this kind of problem. */
const KIND = '/problems/wrong-expression';

/** As much of a long line as fits beside the place. */
const AROUND = 48;

function excerptOf(expression: string, line: number, column: number): Refusal['excerpt'] {
  const text = expression.split('\n')[line - 1];
  if (text === undefined || column < 1 || column > text.length + 1) return undefined;
  const start = Math.max(0, column - 1 - AROUND);
  const lead = start > 0 ? '…' : '';
  const shown = text.slice(start, start + AROUND * 2);
  return {
    line: lead + shown,
    mark: `${' '.repeat(lead.length + column - 1 - start)}^`,
  };
}

export function refusalOf(error: unknown, expression: string): Refusal {
  const { detail, type } = toProblem(error);
  const words = sentenceCase(detail);
  const position = POSITION.exec(detail);
  const isOfExpression = type === KIND;
  if (!position || !isOfExpression) return { isOfExpression, words };
  return {
    isOfExpression,
    words,
    excerpt: excerptOf(expression.trim(), Number(position[1]), Number(position[2])),
  };
}
