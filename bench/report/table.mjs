import { changeText, number } from './figures.mjs';

/** The figures as lines for a terminal. */
export function table(rows) {
  return rows.flatMap((row) => [`${row.number}  ${row.title}`, ...linesOf(row), '']).join('\n');
}

function linesOf({ figures, facts, reason }) {
  const cells = figures.map(cellsOf);
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(0, ...cells.map((line) => line[column].length)));
  const lines = cells.map((line) =>
    `   ${line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd(),
  );
  const why = reason === undefined ? [] : [`   cannot run: ${reason}`];
  return [...lines, ...facts.map((fact) => `   ${fact}`), ...why];
}

function cellsOf(figure) {
  const before =
    figure.before === undefined ? '' : `${figure.beforeName} ${valueWithUnit(figure.before, figure.unit)}`;
  return [
    figure.what,
    valueWithUnit(figure.value, figure.unit),
    goalText(figure),
    metText(figure),
    before,
    changeText(figure),
    figure.detail,
  ];
}

export function valueWithUnit(value, unit) {
  return unit === 'x' ? `${number(value)}x` : `${number(value)} ${unit}`;
}

export function goalText({ atMost, atLeast, unit }) {
  if (atMost !== undefined) return `<= ${valueWithUnit(atMost, unit)}`;
  if (atLeast !== undefined) return `>= ${valueWithUnit(atLeast, unit)}`;
  return '';
}

export function metText({ isMet }) {
  if (isMet === null) return '';
  return isMet ? 'met' : 'NOT MET';
}
