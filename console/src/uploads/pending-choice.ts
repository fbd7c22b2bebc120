import { Store } from '../lib/store.js';
import { existingNames } from './existing-names.js';
import type { ChosenFile } from './upload-item.js';
import { uploadQueue } from './upload-queue.js';

/** Files whose names are taken, until the reader says what becomes of them. */
export interface PendingChoice {
  readonly stage: string;
  readonly files: readonly ChosenFile[];
  /** Undefined where the reader may not look. */
  readonly taken: readonly string[] | undefined;
}

export const pendingChoice = new Store<PendingChoice | undefined>(undefined);

/** Uploads files; asks first where names are taken. What appears in between is refused by the server, not replaced. */
export async function offerFiles(stage: string, files: readonly ChosenFile[]): Promise<void> {
  if (files.length === 0) return;
  const taken = await existingNames(
    stage,
    files.map(({ path }) => path),
  );
  if (taken?.length === 0) uploadQueue.add(stage, files, 'fail');
  else pendingChoice.set({ stage, files, taken });
}
