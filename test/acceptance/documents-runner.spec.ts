import type { PageResult } from './documents/page-run.js';
import { runPage } from './documents/run-page.js';

/** Runs a page of these lines. */
async function run(...lines: readonly string[]): Promise<PageResult> {
  return runPage({ path: 'docs/page.md', text: lines.join('\n') }, null);
}

describe('a page is run', () => {
  it('in one shell, in a folder with the fixtures, on a server of its own', async () => {
    const { commands, failures } = await run(
      ...['```sh', 'mkdir -p below && cd below', 'NAME=books', '```'],
      ...['```console', '$ ls ../$NAME.parquet ../rows.csv', '../books.parquet', '../rows.csv'],
      ...['$ curl -u root: http://localhost:8000/v1/stages', '{"stages":[],"next_cursor":null}', '```'],
      ...['```sql', 'CREATE STAGE', '  books;', 'LIST @books;', '```'],
      ...['```text file=note.txt', 'see http://localhost:8000/', '```'],
      ...['```console', '$ cat ../note.txt', 'see http://localhost:8000/', '```'],
      ...['```sh not run: no cloud', 'aws s3 ls', '```'],
    );
    expect(failures).toEqual([]);
    expect(commands).toBe(7);
  });

  it('with a server that starts again with the settings of a block, and with no others', async () => {
    const { failures } = await run(
      ...['```sh server', 'PASSWORD=secret', 'ROOT_PASSWORD=$PASSWORD UPLOAD_MD5=off npm start', '```'],
      ...['```sql', 'CREATE STAGE kept;', '```'],
      ...['```console', '$ curl -f -u root: http://localhost:8000/v1/stages'],
      ...['curl: (22) The requested URL returned error: 401', '```'],
      ...['```sh server', 'LOG_LEVEL=warn bin/stagedoor', '```'],
      ...['```sh', 'curl -f -u root:secret http://localhost:8000/v1/stages/kept', '```'],
    );
    expect(failures).toEqual([]);
  });

  it('to its end where other output is shown, and each place is named', async () => {
    const { failures } = await run(
      ...[
        '```console',
        '$ echo printed',
        'shown',
        '$ echo unseen',
        '$ echo right',
        'right',
        '$ ls none || true',
      ],
      ...['```'],
    );
    expect(failures).toHaveLength(3);
    expect(failures[0]).toBe('docs/page.md:2\n$ echo printed\nThe page shows:\nshown\nIt printed:\nprinted');
    expect(failures[1]).toMatch(/^docs\/page\.md:4\n\$ echo unseen\n/);
    expect(failures[2]).toContain('No such file or directory');
  });

  it.each([
    ['a command that fails', ['```sh', 'echo why >&2; false', '```'], /:2\n[^]+exit code 1\nwhy/],
    ['a statement that fails', ['```sql', 'DROP STAGE none;', '```'], /:2\nDROP STAGE none\n[^]+none/],
    ['a start with a bad setting', ['```sh server', 'LOG_LEVEL=loud npm start', '```'], /:1\n[^]+LOG_LEVEL/],
  ])('as far as %s', async (_, lines, failure) => {
    const { failures } = await run(...lines, '```sh', 'false', '```');
    expect(failures).toEqual([expect.stringMatching(failure)]);
  });
});
