import type { KeyWorld } from './key-fuzzer.mjs';

export function openKeyS3World(): Promise<KeyWorld>;
