export interface WorkerRequest<Payload> {
  readonly id: number;
  readonly payload: Payload;
}

export type WorkerReply<Result> =
  | { readonly id: number; readonly result: Result }
  /** A clone of an error loses the code of a system error, so the code is sent beside it. */
  | { readonly id: number; readonly error: Error; readonly code: string | undefined };
