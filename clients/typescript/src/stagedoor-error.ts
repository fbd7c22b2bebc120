import type { components } from './api.js';

type ErrorBody = components['schemas']['Error'];

/** Why the server has refused a request. Test for `kind`: it does not change. */
export class StagedoorError extends Error {
  override readonly name = 'StagedoorError';
  readonly status: number;
  /** As in `UnknownStage`; empty where a proxy has answered. */
  readonly kind: string;
  /** Databend's number, or the status. */
  readonly code: number;
  /** Stands in the server's log, too. */
  readonly requestId: string | undefined;
  /** Why a stage was not made that was to be checked. */
  readonly check: ErrorBody['check'];
  /** Seconds after which the request may be sent again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(answer: Response, text: string) {
    const { error, check } = bodyOf(text);
    super(error?.message ?? `The answer was ${String(answer.status)}: ${text.slice(0, 200)}`);
    this.status = answer.status;
    this.check = check;
    this.kind = error?.kind ?? '';
    this.code = error?.code ?? answer.status;
    this.requestId = answer.headers.get('x-request-id') ?? undefined;
    const seconds = answer.headers.get('retry-after') ?? '';
    this.retryAfterSeconds = /^\d+$/.test(seconds) ? Number(seconds) : undefined;
  }

  /** May the same request be answered otherwise, a while later? */
  get isTemporary(): boolean {
    const { status, retryAfterSeconds } = this;
    return retryAfterSeconds !== undefined || status === 408 || status === 429 || status >= 500;
  }
}

function bodyOf(text: string): Partial<ErrorBody> {
  try {
    return JSON.parse(text) as ErrorBody; // of the server; a proxy answers otherwise
  } catch {
    return {};
  }
}
