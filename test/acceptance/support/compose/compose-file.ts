import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

const ROOT = resolve(import.meta.dirname, '../../../..');

export const COMPOSE_FILES = ['docker-compose.yml', 'docker-compose.scale.yml'] as const;
export type ComposeFile = (typeof COMPOSE_FILES)[number];

export type ComposeServices = Readonly<Record<string, ComposeService>>;

/** A service of the Compose file, as far as the tests look at it. */
export interface ComposeService {
  readonly image: string;
  readonly build?: string;
  readonly user?: string;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly read_only?: boolean;
  readonly mem_limit?: string;
  readonly command?: string | readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly ipv4_address: string }>>;
  readonly healthcheck?: { readonly test?: readonly string[] };
}

/** The services as Compose reads them where no variable is set: `${NAME:-default}` at its default, `$$` as `$`. */
export function composeServices(name: ComposeFile): ComposeServices {
  const file = parse(readFileSync(resolve(ROOT, name), 'utf8'), {
    merge: true,
    reviver: (_key, value: unknown) => (typeof value === 'string' ? interpolated(value) : value),
  }) as { readonly services: ComposeServices }; // Compose's own form
  return file.services;
}

function interpolated(text: string): string {
  return text.replace(/\$\$|\$\{[A-Z_]+:-([^}]*)\}/g, (_all, value: string | undefined) => value ?? '$');
}

/** The script that a service runs by `sh`. */
export function scriptOf({ entrypoint, command }: ComposeService): string {
  expect(entrypoint).toEqual(['/bin/sh', '-ec']);
  return String(command?.[0]);
}
