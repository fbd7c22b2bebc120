export interface ThreadRequest<Question> {
  readonly request: number;
  readonly question: Question;
}

export type ThreadReply<Answer> =
  | { readonly request: number; readonly answer: Answer }
  /** Why there is no answer. */
  | { readonly request: number; readonly error: Error };
