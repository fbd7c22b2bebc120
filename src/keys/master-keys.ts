import { createHash, hkdfSync } from 'node:crypto';
import { KEY_BYTES, type KeyList } from '../config/key-list.js';

/** A key that the operator keeps. It encrypts and signs nothing itself: each purpose has a key derived from it. */
export interface MasterKey {
  /** Names the key in messages without revealing it. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** The keys that all servers on one database share. The first key encrypts and signs; all of them decrypt and verify. */
export type MasterKeys = readonly [MasterKey, ...MasterKey[]];

/** The injection token of `MasterKeys`. */
export const MASTER_KEYS = Symbol('MASTER_KEYS');

export function masterKeys([first, ...others]: KeyList): MasterKeys {
  return [masterKey(first), ...others.map(masterKey)];
}

/** Derives a key of 32 bytes for one purpose by HKDF-SHA256. */
export function derivedKey({ bytes }: MasterKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', bytes, '', `stagedoor ${purpose}`, KEY_BYTES));
}

/** @param label separates the ids of different kinds of keys. */
export function keyId(label: string, bytes: Buffer): string {
  return createHash('sha256').update(`stagedoor ${label}`).update(bytes).digest('hex').slice(0, 8);
}

function masterKey(bytes: Buffer): MasterKey {
  return { id: keyId('connection key id', bytes), bytes };
}
