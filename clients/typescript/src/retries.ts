import { StagedoorError } from './stagedoor-error.js';
import { send, type Transfer } from './transfer.js';

const LONGEST_WAIT_SECONDS = 60;

/**
 * Sends a request until it is answered for good: again where no answer comes, and where one says that it is temporary.
 * Waits as long as the server says, else 1, 2, 4… seconds.
 *
 * @throws StagedoorError for an answer that is an error; TypeError where none comes; the reason of the signal.
 */
export async function sendWithRetries(transfer: Transfer, attempts: number): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendOnce(transfer);
    } catch (error) {
      transfer.signal?.throwIfAborted();
      const isFinal = error instanceof StagedoorError && !error.isTemporary;
      if (isFinal || attempt >= attempts) throw error;
      await pause(waitSeconds(error, attempt), transfer.signal);
    }
  }
}

async function sendOnce(transfer: Transfer): Promise<Response> {
  const answer = await send(transfer);
  if (answer.ok) return answer;
  throw new StagedoorError(answer, await answer.text());
}

function waitSeconds(error: unknown, attempt: number): number {
  const asked = error instanceof StagedoorError ? error.retryAfterSeconds : undefined;
  return Math.min(asked ?? 2 ** (attempt - 1), LONGEST_WAIT_SECONDS);
}

async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error); // the signal has aborted
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
