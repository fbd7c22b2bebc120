import { shareOfGoal } from './figures.mjs';
import { goalText, valueWithUnit } from './table.mjs';

const LINE = 20;
const TEXT_WIDTH = 470;
const BAR_WIDTH = 360;
const VALUE_WIDTH = 250;
/** What is further from its goal than this is drawn as far. */
const MOST = 2;
const TOP = 44;
const COLOURS = { met: '#2f7d4f', missed: '#c0562b', line: '#555555', text: '#222222' };

/** Bars of each figure's share of its goal: what ends before the line at 1 has met it. */
export function plot(rows) {
  const bars = rows.flatMap(({ number, figures }) =>
    figures.filter(({ isMet }) => isMet !== null).map((figure) => ({ ...figure, number })),
  );
  const width = TEXT_WIDTH + BAR_WIDTH + VALUE_WIDTH;
  const height = TOP + bars.length * LINE + 12;
  const goal = TEXT_WIDTH + BAR_WIDTH / MOST;
  const parts = [
    `<rect width="${width}" height="${height}" fill="white"/>`,
    text({ x: 10, y: 20, content: 'Each figure as a share of its goal: shorter is better' }),
    text({ x: goal, y: 36, content: 'goal', anchor: 'middle' }),
    ...bars.map((bar, i) => barOf(bar, TOP + i * LINE)),
    `<path d="M${goal} ${TOP - 4}V${height - 8}" stroke="${COLOURS.line}" stroke-dasharray="3 3"/>`,
  ];
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  const font = 'font-family="sans-serif" font-size="12"';
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${font}>\n${parts.join('\n')}\n</svg>\n`;
}

function barOf(bar, y) {
  const share = Math.min(MOST, shareOfGoal(bar));
  const width = ((share / MOST) * BAR_WIDTH).toFixed(1);
  const colour = bar.isMet ? COLOURS.met : COLOURS.missed;
  const value = `${valueWithUnit(bar.value, bar.unit)} (goal ${goalText(bar)})`;
  return [
    text({ x: TEXT_WIDTH - 8, y: y + 13, content: `${bar.number}. ${bar.what}`, anchor: 'end' }),
    `<rect x="${TEXT_WIDTH}" y="${y + 3}" width="${width}" height="${LINE - 7}" fill="${colour}"/>`,
    text({ x: TEXT_WIDTH + BAR_WIDTH + 8, y: y + 13, content: value }),
  ].join('\n');
}

function text({ x, y, content, anchor = 'start' }) {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="${COLOURS.text}">${escaped}</text>`;
}
