import { Injectable } from '@nestjs/common';
import { AppError } from '../common/app-error.js';
import type { Count, CounterFamily } from '../metrics/families.js';
import { Metrics } from '../metrics/metrics.js';
import type { UserErrorKind } from '../users/user-error.js';
import type { AuthErrorKind } from './auth-error.js';

type Refusal =
  | Exclude<AuthErrorKind, 'OutMeanwhile' | 'RefreshTokenExpired' | 'RefreshTokenNotFound'> // not of the guard
  | Extract<UserErrorKind, 'WrongPassword' | 'PasswordRequired' | 'UserDisabled' | 'TooManyAtOnce'>;

const REFUSALS: Readonly<Record<Refusal, true>> = {
  NoCredentials: true,
  MalformedCredentials: true,
  UnsupportedScheme: true,
  PasswordRequiredRemotely: true,
  TooManyAttempts: true,
  WrongTokenType: true,
  SessionTokenExpired: true,
  SessionTokenNotFound: true,
  UnknownApiToken: true,
  ApiTokenExpired: true,
  WrongPassword: true,
  PasswordRequired: true,
  UserDisabled: true,
  TooManyAtOnce: true,
};
/** Of failures that are not about credentials: the database is away. */
const OTHER = 'other';

/** Counts the requests whose credentials were judged. */
@Injectable()
export class SignInMetrics {
  readonly #accepted: Count;
  readonly #refused: CounterFamily;

  constructor(metrics: Metrics) {
    const accepted = 'Requests whose credentials were accepted';
    this.#accepted = metrics.counters('stagedoor_sign_ins_total', accepted, {}).child();
    const refused = 'Requests whose credentials were refused, or missing, by the reason';
    const reason = [...Object.keys(REFUSALS), OTHER];
    this.#refused = metrics.counters('stagedoor_sign_in_refusals_total', refused, { reason });
  }

  accepted(): void {
    this.#accepted.inc();
  }

  refused(error: unknown): void {
    const kind = error instanceof AppError ? String(error.kind) : OTHER;
    this.#refused.child(kind in REFUSALS ? kind : OTHER).inc();
  }
}
