/** Requests to the thread for passwords. */
export type PasswordRequest =
  | { readonly kind: 'hash'; readonly password: string }
  | { readonly kind: 'verify'; readonly passwordHash: string; readonly password: string };

/** Is a hash in PHC form, or whether the password matches. */
export type PasswordAnswer = string | boolean;
