export interface WorkerRequest<Question> {
  readonly request: number;
  readonly question: Question;
}

export type WorkerReply<Answer> =
  | { readonly request: number; readonly answer: Answer }
  /** Why there is no answer; the code of a system error is lost on the way, and comes beside it. */
  | { readonly request: number; readonly error: Error; readonly code: string | undefined };
