import type { Leftover } from './leftover.js';
import type { PutContent, PutOptions } from './storage-provider.js';

/** Carries what the caller of a put has said no with past whatever translates a store's errors. */
export class PutRefusal extends Error {
  readonly reason: Error;

  constructor(reason: Error) {
    super('the put was refused by its caller');
    this.reason = reason;
  }
}

/** Asks the caller of a put whether the object may appear. @throws PutRefusal */
export async function askLeave({ beforeVisible }: PutOptions, content: PutContent): Promise<void> {
  await beforeVisible?.(content).catch(refused);
}

/** Has the caller of a put note what is about to be made. @throws PutRefusal */
export async function noteLeftover(
  { leftovers }: Pick<PutOptions, 'leftovers'>,
  leftover: Leftover,
): Promise<void> {
  await leftovers?.note(leftover).catch(refused);
}

function refused(error: unknown): never {
  throw new PutRefusal(error instanceof Error ? error : new TypeError(String(error)));
}
