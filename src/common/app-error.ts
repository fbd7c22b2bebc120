/** Facts about a failure for the log: never a credential, never a file's content. */
export type ErrorContext = Readonly<Record<string, string | number | undefined>>;

export interface AppErrorOptions {
  readonly context?: ErrorContext;
  readonly cause?: unknown;
}

/**
 * Base class of every error of this service: `kind` gives the reason and decides the answer, `message` is one sentence
 * for the caller, `context` is for the log.
 */
export abstract class AppError<Kind extends string = string> extends Error {
  readonly kind: Kind;
  readonly context: ErrorContext;

  constructor(kind: Kind, message: string, options: AppErrorOptions = {}) {
    super(bounded(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.kind = kind;
    this.context = options.context ?? {};
  }
}

/** Maximum length. Messages repeat parts of requests, and go into answers, logs and the database. */
const MAX_MESSAGE_LENGTH = 4000;

function bounded(message: string): string {
  const cut = message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message;
  return cut.toWellFormed();
}
