import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { scriptOf, type ComposeService, type ComposeServices } from './compose-file.js';
import { freePort } from '../server-process.js';

/** What a Compose file says, and what this machine has in its place. */
interface Place {
  readonly folder: string;
  /** Host and port of a service on this machine, by those within the containers. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Folders of programs, beside those of the PATH. */
  readonly programs?: readonly string[];
  /** Folders that containers see, beside `/keys/…`. */
  readonly folders?: readonly string[];
}

/** Runs what the services of a Compose file run, with its folders and addresses on this machine. */
export class Composed {
  readonly #services: ComposeServices;
  readonly #place: Place;

  static async at(services: ComposeServices, place: Place): Promise<Composed> {
    const folders = ['keys/minio', 'keys/postgres', 'keys/stagedoor', 'data', 'tmp', 'mc'];
    for (const each of [...folders, ...(place.folders ?? [])])
      await mkdir(join(place.folder, each), { recursive: true });
    return new Composed(services, place);
  }

  private constructor(services: ComposeServices, place: Place) {
    this.#services = services;
    this.#place = place;
  }

  service(name: string): ComposeService {
    const found = this.#services[name];
    if (found === undefined) throw new Error(`The Compose file has no ${name}`);
    return found;
  }

  /** Runs the script of a service. @returns what it prints. */
  run(name: string, environment: Readonly<Record<string, string>> = {}): string {
    const { folder, programs = [] } = this.#place;
    const PATH = [...programs, String(process.env['PATH'])].join(':');
    const given = this.service(name).environment ?? {};
    const env = { PATH, ...given, MC_CONFIG_DIR: join(folder, 'mc'), ...environment };
    const script = this.onThisMachine(scriptOf(this.service(name)));
    const run = spawnSync('/bin/sh', ['-ec', script], { env, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`${name} failed: ${run.stdout}${run.stderr}`);
    return run.stdout;
  }

  /** The settings of a service of Stagedoor's, without the folder of its data. */
  settingsOf(name: string): Record<string, string> {
    const settings = Object.entries(this.service(name).environment ?? {});
    return Object.fromEntries(
      settings
        .filter(([setting]) => setting !== 'DATA_DIR')
        .map(([setting, value]) => [setting, this.onThisMachine(value)]),
    );
  }

  onThisMachine(text: string): string {
    const { folder, hosts = {} } = this.#place;
    const own = `${String(process.getuid?.())}:${String(process.getgid?.())}`;
    const moved = text
      .replaceAll(/(?<![\w/:])\/(?:keys|data|tmp)\b/g, `${folder}$&`)
      .replaceAll(/\b(?:1000:1000|999:999)\b/g, own);
    return Object.entries(hosts).reduce((result, [from, to]) => result.replaceAll(from, to), moved);
  }

  async key(name: string): Promise<string> {
    return readFile(join(this.#place.folder, 'keys', name), 'utf8');
  }

  /** Starts the service `minio`. @param program of MinIO. @param url at which the file's addresses find it. */
  async startMinio(program: string, url: string): Promise<ChildProcess> {
    const { command = '', environment = {} } = this.service('minio');
    const args = this.onThisMachine(String(command)).replace(':9001', '127.0.0.1:0').split(' ');
    const env = Object.entries(environment).map(([name, value]) => [name, this.onThisMachine(value)]);
    const child = spawn(program, [...args, '--address', new URL(url).host], {
      env: { PATH: process.env['PATH'], HOME: '/', ...(Object.fromEntries(env) as NodeJS.ProcessEnv) },
      stdio: 'ignore',
    });
    while (!(await isOk(`${url}/minio/health/ready`))) await delay(50);
    return child;
  }
}

/** Runs a health check without a shell, as Docker does. @returns its exit code. */
export function healthCheck(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): number | null {
  const [file = '', ...args] = command;
  return spawnSync(file, args, { env: { ...environment, PATH: process.env['PATH'] } }).status;
}

export async function freeUrl(): Promise<string> {
  return `http://127.0.0.1:${String(await freePort())}`;
}

export async function isOk(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );
}
