import { createHash, hkdfSync } from 'node:crypto';
import { KEY_BYTES, type KeyList } from '../config/key-list.js';

/** A key that the operator keeps. Nothing is encrypted or signed with it: each use has a key derived from it. */
export interface MasterKey {
  /** Tells which key is missing, and tells nothing of the key. */
  readonly id: string;
  readonly bytes: Buffer;
}

/** What all servers on one database share. The first one encrypts and signs; all of them decrypt and verify. */
export type MasterKeys = readonly [MasterKey, ...MasterKey[]];

/** The injection token of `MasterKeys`. */
export const MASTER_KEYS = Symbol('MASTER_KEYS');

export function masterKeys([first, ...others]: KeyList): MasterKeys {
  return [masterKey(first), ...others.map(masterKey)];
}

/** 32 bytes for one purpose, of no use for another. */
export function derivedKey({ bytes }: MasterKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', bytes, '', `stagedoor ${purpose}`, KEY_BYTES));
}

/** @param label tells ids of one kind of key from those of another. */
export function keyId(label: string, bytes: Buffer): string {
  return createHash('sha256').update(`stagedoor ${label}`).update(bytes).digest('hex').slice(0, 8);
}

function masterKey(bytes: Buffer): MasterKey {
  return { id: keyId('connection key id', bytes), bytes };
}
