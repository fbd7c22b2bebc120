import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { plot } from './plot.mjs';
import { changeText } from './figures.mjs';
import { goalText, metText, valueWithUnit } from './table.mjs';

const FOLDER = join(import.meta.dirname, '../../docs');
const PAGE = join(FOLDER, 'benchmarks.md');
const PLOT = join(FOLDER, 'benchmarks.svg');
const START = '<!-- figures: written by `npm run bench -- --write-docs` -->';
const END = '<!-- end of figures -->';

/** Puts the figures between their two marks in the page; what stands around them is written by hand. */
export async function writeDocs(results) {
  if (!existsSync(PAGE)) throw new Error(`${PAGE} is missing`);
  const page = readFileSync(PAGE, 'utf8');
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${PAGE} has lost the marks around its figures`);
  const text = `${page.slice(0, start)}${START}\n\n${figuresText(results)}\n\n${page.slice(end)}`;
  writeFileSync(PAGE, await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
  writeFileSync(PLOT, plot(results.rows));
}

function figuresText(results) {
  const sections = results.rows.map((row) => sectionOf(row, results.comparesBuilds));
  return [machineText(results), '![Each figure as a share of its goal](benchmarks.svg)', ...sections].join(
    '\n\n',
  );
}

function machineText({ at, commit, node, kernel, processors, memory, fileSystem, versions, ...run }) {
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const form = run.quick ? ' with `--quick`' : '';
  return (
    `${at.slice(0, 10)}, commit \`${commit}\`${form}, ${(run.seconds / 60).toFixed(0)} minutes. ` +
    `${processors}, ${memory} of memory, ${fileSystem}, ${kernel}, Node ${node.slice(1)}, ${peers.join(', ')}. ` +
    `Before the run the load of the machine was ${run.loadBefore[0].toFixed(1)}, and to create a file took ${run.creationMicroseconds} us.`
  );
}

function sectionOf({ number, title, figures, facts, reason }, comparesBuilds) {
  const heading = `### ${number}. ${title[0].toUpperCase()}${title.slice(1)}`;
  const why = reason === undefined ? [] : [`This row could not be run: ${reason}`];
  const notes = facts.map((fact) => `- ${fact}`).join('\n');
  return [heading, ...tableOf(figures, comparesBuilds), ...why, notes]
    .filter((part) => part !== '')
    .join('\n\n');
}

function tableOf(figures, comparesBuilds) {
  if (figures.length === 0) return [];
  const columns = [
    'what',
    'figure',
    'goal',
    'met',
    ...(comparesBuilds ? ['before', 'speed of before'] : []),
    'measured',
  ];
  const lines = figures.map((figure) => {
    const before = comparesBuilds ? [valueWithUnit(figure.before, figure.unit), changeText(figure)] : [];
    const value = valueWithUnit(figure.value, figure.unit);
    return [figure.what, value, goalText(figure), metText(figure), ...before, figure.detail];
  });
  const rows = [columns, columns.map(() => '---'), ...lines];
  return [rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')];
}
