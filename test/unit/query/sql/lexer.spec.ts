import { Lexer } from '../../../../src/query/sql/lexer/lexer.js';

function tokens(sql: string): readonly (readonly [string, string])[] {
  const lexer = new Lexer(sql);
  const found: [string, string][] = [];
  for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) {
    found.push([token.kind, sql.slice(token.start, token.end)]);
  }
  return found;
}

it.each([
  ['', []],
  [' \t\r\n\f', []],
  ['a _b a$1 Ünï 数据', ['word a', 'word _b', 'word a$1', 'word Ünï', 'word 数据']],
  ['𝒜b', ['word 𝒜b']],
  ['a-- b\nc', ['word a', 'word c']],
  ['a--', ['word a']],
  ['a/* b */c/**/', ['word a', 'word c']],
  ['a/* /* */b', ['word a', 'word b']],
  ['"a""b" `c` "d\\""', ['quoted "a""b"', 'quoted `c`', 'quoted "d\\""']],
  ["'a''b' '\\'' ''", ["string 'a''b'", "string '\\''", "string ''"]],
  ["'a\nb'", ["string 'a\nb'"]],
  [
    '1 1.5 .5 1. 1e9 1.5E-3 1_000 0x1F',
    '1 1.5 .5 1. 1e9 1.5E-3 1_000 0x1F'.split(' ').map((n) => `number ${n}`),
  ],
  ['a.b', ['word a', 'symbol .', 'word b']],
  ['=>==<>!=<=>=||::', ['=>', '==', '<>', '!=', '<=>', '=', '||', '::'].map((s) => `symbol ${s}`)],
  ['(a,b);', ['symbol (', 'word a', 'symbol ,', 'word b', 'symbol )', 'symbol ;']],
  ['$$a$$', ['symbol $', 'symbol $', 'word a$$']],
  ['@s/a-b.c*%#=x y', ['location @s/a-b.c*%#=x', 'word y']],
  ['@s/a\\ b\\\tc\\\'d\\"e\\\\f\\g', ['location @s/a\\ b\\\tc\\\'d\\"e\\\\f\\g']],
  ['@s/a\\\\ b', ['location @s/a\\\\ b']],
  ['@s,@t;@u`', ['location @s', 'symbol ,', 'location @t', 'symbol ;', 'location @u', 'invalid `']],
  ['@s(@t)', ['location @s', 'symbol (', 'location @t', 'symbol )']],
  ['@ a', ['symbol @', 'word a']],
  ['@s/a\u3000b', ['location @s/a', 'invalid \u3000']],
])('%j', (sql, expected) => {
  expect(tokens(sql).map(([kind, text]) => `${kind} ${text}`)).toEqual(expected);
});

it.each([
  ["a 'b", "'b", 'this string has no end'],
  ["a 'b\\'", "'b\\'", 'this string has no end'],
  ["'a''", "'a''", 'this string has no end'],
  ['a "b', '"b', 'this quoted name has no end'],
  ['a `b', '`b', 'this quoted name has no end'],
  ['a /* b', '/* b', 'this comment has no end'],
  ['a \u0000 b', '\u0000', 'a control character cannot stand here'],
  ['@s/a\u0001', '\u0001', 'a control character cannot stand here'],
  ['a \v', '\v', 'a control character cannot stand here'],
  ['a\u00a0b', '\u00a0', 'this character cannot stand here'],
  ['😀', '😀', 'this character cannot stand here'],
  ['1a b', '1a', 'a number has no letters, and a name does not begin with a digit'],
  ['1e', '1e', 'a number has no letters, and a name does not begin with a digit'],
  ['0x', '0x', 'a number has no letters, and a name does not begin with a digit'],
])('%j ends at what is no token', (sql, text, problem) => {
  const lexer = new Lexer(sql);
  let token = lexer.next();
  while (token.kind !== 'invalid' && token.kind !== 'end') token = lexer.next();
  expect([sql.slice(token.start, token.end), token.problem]).toEqual([text, problem]);
  expect(lexer.next().kind).toBe('end');
});
