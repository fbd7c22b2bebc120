import type { NameWorld } from './name-fs-world.mjs';

export function openS3World(store: {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}): Promise<NameWorld>;
