import type { KeyWorld } from './key-fuzzer.mjs';

export function openKeyFsWorld(): Promise<KeyWorld>;
