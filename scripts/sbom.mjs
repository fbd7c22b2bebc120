import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { runCommand } from './lib/run-command.mjs';

/*
 * Writes the bill of materials of what is delivered, in CycloneDX: `npm run sbom -- --output FILE`. It tells of package-lock.json alone,
 * so the same sources give the same file.
 */

const ROOT = dirname(import.meta.dirname);
const TOOL_FOLDER = join(import.meta.dirname, 'sbom');
const TOOL = join(TOOL_FOLDER, 'node_modules/@cyclonedx/cyclonedx-npm');
const SPEC_VERSION = '1.6';

/** The build puts these, and what they need, into the pages of dist/: they are delivered and not installed. */
const IN_PAGES = [
  '@tanstack/react-query',
  'hyparquet',
  'hyparquet-compressors',
  'openapi-fetch',
  'preact',
  'swagger-ui-dist',
];

/** Named by those as needed. Preact stands in for React, and the last two add no code. */
const NOT_IN_PAGES = ['react', 'react-dom', '@scarf/scarf', '@types/react'];

async function main() {
  const { values } = parseArgs({
    options: { output: { type: 'string', default: join(ROOT, 'dist/stagedoor.cdx.json') } },
  });
  await installTool();
  const bill = delivered(await billOfAll());
  const file = resolve(values.output);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(bill, null, 2)}\n`);
  console.log(`${file}: ${String(bill.components.length)} packages`);
}

/** Exactly what its lockfile says, once. It can draw and check more by packages that are left out. */
async function installTool() {
  const { dependencies } = readJson(join(TOOL_FOLDER, 'package.json'));
  const installed = join(TOOL, 'package.json');
  if (existsSync(installed) && readJson(installed).version === dependencies['@cyclonedx/cyclonedx-npm'])
    return;
  const options = ['--omit=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
  await runCommand('npm', ['ci', ...options], { cwd: TOOL_FOLDER });
}

/** Of every package in the lockfile, those for development too. */
async function billOfAll() {
  const options = ['--package-lock-only', '--flatten-components', '--output-reproducible', '--short-PURLs'];
  const form = ['--mc-type', 'application', '--spec-version', SPEC_VERSION, '--output-format', 'JSON'];
  const command = join(TOOL, 'bin/cyclonedx-npm-cli.js');
  // Where NODE_ENV is `production`, the tool would leave the pages' packages out.
  const env = { ...process.env, NODE_ENV: '' };
  const written = await runCommand(process.execPath, [command, ...options, ...form], { cwd: ROOT, env });
  return JSON.parse(written);
}

/** Leaves in what is installed with the service, and what its pages are made of. */
function delivered(bill) {
  const root = bill.metadata.component['bom-ref'];
  const pages = partsOfPages(bill);
  const components = bill.components.filter((each) => !isForDevelopment(each) || pages.has(each['bom-ref']));
  const refs = new Set([root, ...components.map((each) => each['bom-ref'])]);
  const dependencies = bill.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
  return { ...bill, components, dependencies };
}

/** Returns the references of the pages' packages, and of all that these need. */
function partsOfPages({ components, dependencies }) {
  const names = new Map(components.map((each) => [each['bom-ref'], nameOf(each)]));
  const needs = new Map(dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  const parts = new Set();
  const open = [...names.keys()].filter((ref) => IN_PAGES.includes(names.get(ref)));
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    if (parts.has(ref) || NOT_IN_PAGES.includes(names.get(ref))) continue;
    parts.add(ref);
    open.push(...(needs.get(ref) ?? []));
  }
  return parts;
}

function isForDevelopment({ properties = [] }) {
  return properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
}

function nameOf({ group, name }) {
  return group === undefined ? name : `${group}/${name}`;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

await main();
