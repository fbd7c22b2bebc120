import type { PutContent, PutOptions } from './storage-provider.js';

/** Carries what `beforeVisible` has rejected with past whatever translates a store's errors. */
export class PutRefusal extends Error {
  readonly reason: Error;

  constructor(reason: Error) {
    super('the put was refused by its caller');
    this.reason = reason;
  }
}

/** Asks the caller of a put whether the object may appear. @throws PutRefusal */
export async function askLeave({ beforeVisible }: PutOptions, content: PutContent): Promise<void> {
  try {
    await beforeVisible?.(content);
  } catch (error) {
    throw new PutRefusal(error instanceof Error ? error : new TypeError(String(error)));
  }
}
