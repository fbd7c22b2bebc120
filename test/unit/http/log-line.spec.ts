import { pino } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { loggerOptions, PRETTY_OPTIONS } from '../../../src/http/server/app-logger.js';

/** A line of the log, as it stands there. */
function lineOf(fields: object, message: string): string {
  let written = '';
  pino(loggerOptions('info'), { write: (line: string) => (written += line) }).info(fields, message);
  return written;
}

/** The same as a terminal gets it, without the colours of the pretty form. */
function shown(line: string): string {
  return prettyFactory({ ...PRETTY_OPTIONS, colorize: false })(line);
}

const ACTING = [
  ['a line break', 'a\n[00:00:00.000] INFO: root was let in', String.raw`a\n[00:00:00.000]`],
  ['a carriage return', 'a\rb', String.raw`a\rb`],
  ['an escape sequence', '\u001b[2J\u001b]0;title\u0007', String.raw`\u001b[2J\u001b]0;title\u0007`],
  ['the escape of one byte', '\u009b2J', String.raw`\u009b2J`],
  ['a backspace', 'a\b\b', String.raw`a\b\b`],
  ['DEL', 'a\u007f', String.raw`a\u007f`],
  ['NUL', '\u0000', String.raw`\u0000`],
  ['a mark that turns the direction', 'a\u202eb', String.raw`a\u202eb`],
  ['a line separator', 'a\u2028b', String.raw`a\u2028b`],
] as const;

const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

describe('a line of the log', () => {
  it.each([`sd_${'Vc5-6_pnLu'.repeat(4)}abc`, 'bend-v1-s-eyJ1c2VyIjoicm9vdCJ9.c2lnbmF0dXJl-_'])(
    'holds no token, whoever writes it and wherever it stands: %s',
    (token) => {
      const line = lineOf({ audit: { stage: token, path: `a/${token}` } }, `a statement failed:\n${token}`);
      expect(line).not.toContain(token);
      expect(JSON.parse(line)).toMatchObject({ audit: { stage: '***', path: 'a/***' } });
    },
  );

  it.each(ACTING)('spells %s in its message', (_title, text, spelling) => {
    const line = lineOf({}, `the file ${text} is there`);
    expect(JSON.parse(line)).toMatchObject({ msg: expect.stringContaining(spelling) as string });
    expect(shown(line)).toContain(spelling);
    expect(shown(line)).not.toMatch(CONTROL);
    expect(shown(line).trimEnd()).not.toContain('\n');
  });

  it.each(ACTING)('spells %s in its fields, keys and errors', (_title, text) => {
    const line = lineOf({ name: text, [text]: 1, error: { message: text }, deep: { list: [text] } }, 'said');
    expect(line.trimEnd()).not.toMatch(CONTROL);
    expect(shown(line)).not.toMatch(CONTROL);
    expect(shown(line)).not.toMatch(/^\[00:00:00\.000\]/m);
  });

  it('keeps the lines of a stack', () => {
    const stack = 'TypeError: a\nforged\n    at one (file.js:1:1)\n    at two (file.js:2:2)';
    const { error } = JSON.parse(lineOf({ error: { stack } }, 'failed')) as { error: { stack: string } };
    expect(error.stack).toBe('TypeError: a\\nforged\n    at one (file.js:1:1)\n    at two (file.js:2:2)');
  });

  it('keeps backslashes, quotes and every other alphabet', () => {
    const text = String.raw`C:\new\table "é" 日本 🔑 \u001b`;
    expect(JSON.parse(lineOf({ text }, text))).toMatchObject({ text, msg: text });
  });

  it('has at most 8,192 characters, whatever it is about', () => {
    const long = 'x'.repeat(16_384);
    const line = lineOf({ reqId: 'r1', req: { url: long } }, 'request');
    expect(line.length).toBeLessThanOrEqual(8193);
    expect(JSON.parse(line)).toMatchObject({
      reqId: 'r1',
      req: { url: `${'x'.repeat(2000)}… (16384 characters)` },
      msg: 'request',
    });
    expect(lineOf({}, '\u009b'.repeat(8000)).length).toBeLessThanOrEqual(8193);
    const many = Object.fromEntries(
      Array.from({ length: 50 }, (_none, index) => [`k${String(index)}`, long]),
    );
    const cut = lineOf({ ...many, reqId: 'r2' }, long);
    expect(cut.length).toBeLessThanOrEqual(8193);
    expect(JSON.parse(cut)).toMatchObject({ reqId: 'r2', isCut: true });
  });
});
