import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

import { readPages, REPOSITORY } from '../../acceptance/documents/pages.js';
import { anchorsOf, linksOf } from './links.js';

const PAGE_BYTES = 10_240;

const { stdout } = await promisify(execFile)('git', ['ls-files', '-z', '*.md'], { cwd: REPOSITORY });
const pages = await readPages();
const tracked = stdout.split('\0').filter((path) => path !== '' && existsSync(join(REPOSITORY, path)));

async function textOf(path: string): Promise<string> {
  return readFile(join(REPOSITORY, path), 'utf8');
}

/** Why a link of a page leads nowhere; null where it leads somewhere, or away. */
async function faultOf(page: string, link: string): Promise<string | null> {
  if (/^[a-z][a-z+.-]*:/i.test(link)) return null;
  const [path = '', anchor] = decodeURI(link).split('#');
  const target = path === '' ? page : relative(REPOSITORY, resolve(REPOSITORY, dirname(page), path));
  if (!existsSync(join(REPOSITORY, target))) return `${link}: there is no ${target}`;
  if (anchor === undefined || !target.endsWith('.md')) return null;
  const anchors = anchorsOf(await textOf(target));
  return anchors.includes(anchor) ? null : `${link}: ${target} has no such heading`;
}

describe('the links of', () => {
  it.each(tracked)('%s lead somewhere', async (page) => {
    const links = linksOf(await textOf(page));
    const faults = await Promise.all(links.map(async (link) => faultOf(page, link)));
    expect(faults.filter((fault) => fault !== null)).toEqual([]);
  });
});

describe('a page for users', () => {
  it.each(pages)('$path has at most 10 KiB', ({ text }) => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(PAGE_BYTES);
  });
});

describe('what is a link, and what is an anchor', () => {
  it('links stand in text, images, definitions and HTML, and not in code', () => {
    const text = [
      '[a](one.md) ![b](two.svg "title") [`c`](<three four.md>) [d][e] `[no](no.md)`',
      '[e]: five.md#six',
      '<img src="seven.svg"> [nested [f]](eight.md)',
      '```text',
      '[no](no.md)',
      '```',
    ];
    expect(linksOf(text.join('\n')).sort()).toEqual(
      ['one.md', 'two.svg', 'three four.md', 'five.md#six', 'seven.svg', 'eight.md'].sort(),
    );
  });

  it.each([
    ['# Three uploads', ['three-uploads']],
    ['## Several files, and directories', ['several-files-and-directories']],
    ['## `GET /v1/stages/{name}`', ['get-v1stagesname']],
    ['## [A link](a.md) and _emphasis_, x_y', ['a-link-and-emphasis-x_y']],
    ['## Größe - 100 %', ['größe---100-']],
    ['## One\n## One\n## One', ['one', 'one-1', 'one-2']],
    ['```sh\n# No heading\n```', []],
    ['<a name="here"></a>', ['here']],
  ])('%j has the anchors %j', (text, anchors) => {
    expect(anchorsOf(text)).toEqual(anchors);
  });
});

describe('every page', () => {
  // Prettier quotes and escapes them, so that they are not at the start of a line.
  it.each(tracked)('%s is merged', async (page) => {
    expect(await textOf(page)).not.toMatch(/<{7} |^={7}$|(?:> ?){7}\S/m);
  });
});
