import { execFile, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';
import { StageClient } from './support/stage-client.js';
import { unreliableProxy, type Fate, type UnreliableProxy } from './support/unreliable-proxy.js';

const EXAMPLES = resolve(import.meta.dirname, '../../examples');
const JAVA = join(EXAMPLES, 'Stagedoor.java');
const PASSWORD = 'secret: ü';
/** A page of a listing holds 1,000. */
const MANY = 1_001;
const NAME = 'two  größe #%?+&.bin';

type Command = readonly [string, ...string[]];

interface Program {
  readonly language: string;
  /** As the page says. */
  readonly command: Command;
  /** Prints the version, where the toolchain is there. */
  readonly probe: readonly string[];
  /** The same, compiled once into the folder of the tests: what compiles at each start takes seconds. */
  readonly compiled?: { readonly build: Command; readonly command: Command };
}

const PROGRAMS: readonly Program[] = [
  { language: 'Python', command: ['python3', join(EXAMPLES, 'stagedoor.py')], probe: ['--version'] },
  { language: 'Node', command: [process.execPath, join(EXAMPLES, 'stagedoor.mjs')], probe: ['--version'] },
  { language: 'Go', command: ['go', 'run', join(EXAMPLES, 'stagedoor.go')], probe: ['version'] },
  {
    language: 'Java',
    command: ['java', JAVA],
    probe: ['--version'],
    compiled: { build: ['javac', '-d', '.', JAVA], command: ['java', 'Stagedoor'] },
  },
];

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let server: ServerProcess;
let client: StageClient;
let proxy: UnreliableProxy | undefined;
let content: Buffer;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(join(folder, 'data'), { ROOT_PASSWORD: PASSWORD });
  client = new StageClient(server.url, PASSWORD);
  content = randomBytes(3_000_001);
  await writeFile(join(folder, NAME), content);
  await client.createStage({ name: 'many' });
  for (let first = 0; first < MANY; first += 1_000) await uploadMany(first, Math.min(MANY, first + 1_000));
});

afterEach(async () => {
  await proxy?.close();
  proxy = undefined;
});

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
});

async function uploadMany(first: number, end: number): Promise<void> {
  const form = new FormData();
  for (let index = first; index < end; index += 1) form.append('file', new Blob([]), manyName(index));
  const headers = { 'x-databend-stage-name': 'many' };
  const answer = await client.send('/v1/upload_to_stage', { method: 'PUT', headers, body: form });
  expect(answer.status).toBe(200);
}

function manyName(index: number): string {
  return `file ${String(index).padStart(4, '0')}`;
}

async function run(
  { command }: Pick<Program, 'command'>,
  args: readonly string[],
  url = server.url,
): Promise<Outcome> {
  const [file, ...before] = command;
  const env = { ...process.env, STAGEDOOR_URL: url, STAGEDOOR_USER: 'root', STAGEDOOR_PASSWORD: PASSWORD };
  try {
    const { stdout, stderr } = await promisify(execFile)(file, [...before, ...args], { cwd: folder, env });
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    // What execFile rejects with has these three.
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, stdout, stderr };
  }
}

/** Uploads through a proxy under which the attempts have these fates. */
async function runBehind(
  program: Pick<Program, 'command'>,
  fates: readonly Fate[],
  stage: string,
): Promise<Outcome> {
  proxy = await unreliableProxy(server.url, fates);
  return run(program, ['upload', stage, NAME], proxy.url);
}

function describeWhereItRuns(program: Program, cases: () => void): void {
  const title = `the example in ${program.language}`;
  const [tool] = program.command;
  if (spawnSync(tool, program.probe).error === undefined) {
    describe(title, cases);
    return;
  }
  console.error(`${title} is not run: no ${tool}`);
  describe.skip(title, () => {
    it(`needs ${tool}`, () => undefined);
  });
}

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

PROGRAMS.forEach((documented) => {
  describeWhereItRuns(documented, () => {
    const { compiled } = documented;
    const program = compiled ?? documented;
    const stage = documented.language.toLowerCase();
    const row = (): string => `${NAME}\t${String(content.length)}\t${md5(content)}\n`;

    beforeAll(async () => {
      await client.createStage({ name: stage });
      await mkdir(join(folder, stage));
      if (compiled === undefined) return;
      const built = await run({ command: compiled.build }, []);
      expect(built).toMatchObject({ exitCode: 0, stderr: '' });
    });

    it('uploads a file, lists it and downloads it', async () => {
      expect(await run(documented, ['upload', stage, NAME])).toEqual({
        exitCode: 0,
        stdout: row(),
        stderr: '',
      });
      expect(await run(documented, ['list', stage, 'two'])).toEqual({
        exitCode: 0,
        stdout: row(),
        stderr: '',
      });
      const target = join(folder, stage, 'back');
      expect(await run(documented, ['download', stage, NAME, target])).toMatchObject({ exitCode: 0 });
      expect((await readFile(target)).equals(content)).toBe(true);
    });

    it('lists all pages', async () => {
      const { stdout, exitCode } = await run(program, ['list', 'many']);
      expect(exitCode).toBe(0);
      const names = stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0]);
      expect(names).toEqual(Array.from({ length: MANY }, (_, index) => manyName(index)));
    });

    it('sends again what was not answered, after the time that the server asks for, and stores it once', async () => {
      const outcome = await runBehind(program, ['answerIsLost', { busySeconds: 3 }, 'handedOn'], stage);
      expect(outcome).toMatchObject({ exitCode: 0, stdout: row() });
      expect(outcome.stderr).toContain('Too many uploads.\nTrying again in 3 s\n');
      const uploads = proxy?.uploads ?? [];
      expect(uploads).toHaveLength(3);
      expect(new Set(uploads.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
      expect(uploads[2]?.uploadId).toBe(uploads[0]?.uploadId);
      const declared = Buffer.from(md5(content), 'hex').toString('base64');
      for (const { headers } of uploads) expect(headers['content-md5']).toBe(declared);
    });

    it('gives up after five attempts', async () => {
      const { exitCode, stderr } = await runBehind(program, [{ busySeconds: 0 }], stage);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('503: Too many uploads.\n');
      expect(proxy?.uploads).toHaveLength(5);
    });

    it.each([
      ['upload', ['upload', 'none', NAME]],
      ['listing', ['list', 'none']],
      ['download', ['download', 'none', NAME, 'back']],
    ])("ends a failed %s with exit code 1 and the server's message", async (_, args) => {
      const { exitCode, stdout, stderr } = await run(program, args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain("404: Stage 'none' does not exist.");
    });

    it.each([
      ['a file that is not there', ['upload', '~', 'none']],
      ['unknown arguments', ['remove', '~']],
    ])('ends with exit code 1 for %s', async (_, args) => {
      expect(await run(program, args)).toMatchObject({ exitCode: 1, stdout: '' });
    });
  });
});
