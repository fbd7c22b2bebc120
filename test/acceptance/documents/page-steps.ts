import { DocumentError } from './document-error.js';
import { readMarkdown, type Fence } from './markdown.js';
import { firstCommand, splitCommands, type NumberedLine } from './shell-commands.js';
import { splitStatements } from './sql-statements.js';

/** What a reader of a page does, in order. `line` is where it stands. */
export type Step =
  | { readonly kind: 'run'; readonly line: number; readonly command: string; readonly output: string | null }
  | { readonly kind: 'serve'; readonly line: number; readonly command: string }
  | { readonly kind: 'stop'; readonly line: number }
  | { readonly kind: 'query'; readonly line: number; readonly sql: string }
  | { readonly kind: 'write'; readonly line: number; readonly name: string; readonly text: string }
  | { readonly kind: 'leaveOut'; readonly line: number; readonly reason: string };

const COMMANDS = ['console', 'sh', 'sh server', 'sql'];
const PROMPT = '$ ';
/** Languages that readers take for commands; the test knows them by the names above alone. */
const OTHER_SHELLS = /^(bash|shell|shell-session|shellsession|zsh|powershell|cmd|bat)\b/;
const LOOKS_LIKE_COMMANDS = /^(\$ |curl |npm |npx )/;

/** Whether a step needs the shell or the server of the page. */
export function isCommand({ kind }: Step): boolean {
  return kind !== 'leaveOut' && kind !== 'write';
}

/** All steps of a page; a block that does not keep to the contract (README.md beside this file) is an error. */
export function stepsOf(markdown: string): Step[] {
  return readMarkdown(markdown).fences.flatMap(stepsOfFence);
}

function stepsOfFence(fence: Fence): Step[] {
  const { info, line } = fence;
  const [kind = '', reason] = info.split(/\s*\bnot run:?/);
  if (reason !== undefined) return [leaveOut(fence, kind, reason.trim())];
  const file = / file=(.*)$/.exec(info)?.[1];
  if (file !== undefined) return [writeFile(fence, file)];
  if (info === 'console') return transcript(fence);
  if (info === 'sh server') return [{ kind: 'serve', line, command: fence.lines.join('\n') }];
  if (info === 'sh server stop') return [{ kind: 'stop', line }];
  if (info === 'sh') {
    return splitCommands(numbered(fence)).map((each) => ({
      kind: 'run',
      line: each.line,
      command: each.text,
      output: null,
    }));
  }
  if (info === 'sql') {
    return splitStatements(numbered(fence)).map((each) => ({
      kind: 'query',
      line: each.line,
      sql: each.text,
    }));
  }
  refuseCommands(fence);
  return [];
}

function leaveOut({ line }: Fence, kind: string, reason: string): Step {
  if (!COMMANDS.includes(kind)) {
    throw new DocumentError('UnknownFence', line, `"${kind}" is not run anyway: only ${COMMANDS.join(', ')}`);
  }
  if (reason === '')
    throw new DocumentError('BadBlock', line, '"not run" needs a reason: "not run: <reason>"');
  return { kind: 'leaveOut', line, reason };
}

function writeFile({ line, lines }: Fence, name: string): Step {
  if (!/^[\w.-]+(\/[\w.-]+)*$/.test(name) || name.split('/').includes('..')) {
    throw new DocumentError('BadBlock', line, `"${name}" is no name of a file below the page's folder`);
  }
  return { kind: 'write', line, name, text: `${lines.join('\n')}\n` };
}

function transcript(fence: Fence): Step[] {
  const steps: Step[] = [];
  let rest = numbered(fence);
  while (rest.length > 0) {
    const [first] = rest;
    if (first?.text.startsWith(PROMPT) !== true) {
      const place = first?.line ?? fence.line;
      throw new DocumentError('BadBlock', place, `a console block begins with a command after "${PROMPT}"`);
    }
    const lines = [{ ...first, text: first.text.slice(PROMPT.length) }, ...rest.slice(1)];
    const { command, length } = firstCommand(lines);
    const after = rest.slice(length);
    const next = after.findIndex(({ text }) => text.startsWith(PROMPT));
    const output = next < 0 ? after : after.slice(0, next);
    steps.push({ kind: 'run', line: command.line, command: command.text, output: textOf(output) });
    rest = after.slice(output.length);
  }
  return steps;
}

function refuseCommands({ info, line, lines }: Fence): void {
  if (info === '' || OTHER_SHELLS.test(info) || COMMANDS.includes(info.split(' ')[0] ?? '')) {
    const known = 'console, sh, sh server, sql, "… not run: <reason>", "<language> file=<name>"';
    throw new DocumentError('UnknownFence', line, `"${info}" is none of ${known}, or of another language`);
  }
  const index = lines.findIndex((text) => LOOKS_LIKE_COMMANDS.test(text));
  if (index >= 0) {
    throw new DocumentError('UnknownFence', line + 1 + index, `a command stands in a block of "${info}"`);
  }
}

function numbered({ line, lines }: Fence): NumberedLine[] {
  return lines.map((text, index) => ({ line: line + 1 + index, text }));
}

function textOf(lines: readonly NumberedLine[]): string {
  return lines.map(({ text }) => text).join('\n');
}
