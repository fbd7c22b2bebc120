import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

const COMPOSE = resolve(import.meta.dirname, '../../../docker-compose.yml');

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
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

/** The services as Compose reads them where no variable is set: `${NAME:-default}` at its default, `$$` as `$`. */
export function composeServices(): Readonly<Record<string, ComposeService>> {
  const file = parse(readFileSync(COMPOSE, 'utf8'), {
    merge: true,
    reviver: (_key, value: unknown) => (typeof value === 'string' ? interpolated(value) : value),
  }) as { readonly services: Record<string, ComposeService> }; // Compose's own form
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
