import type { HostileName } from './name-corpus.mjs';
import type { NameWorld } from './name-fs-world.mjs';

/** Sends hostile names to every route of a server, and looks after each name at everything outside of the stages. */
export function fuzzNames(
  world: NameWorld,
  names: readonly HostileName[],
): Promise<{
  readonly requests: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}>;
