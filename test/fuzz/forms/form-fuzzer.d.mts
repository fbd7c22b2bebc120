import type { FormCase } from './form-cases.mjs';
import type { FormServer } from './form-server.mjs';

export interface FormSummary {
  readonly forms: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly violations: readonly { readonly kind: string; readonly label: string; readonly problem: string }[];
}

/** Sends cases to a server and judges its answers. */
export function fuzzForms(
  server: FormServer,
  cases: Iterable<FormCase>,
  options?: { readonly checkEvery?: number },
): Promise<FormSummary>;
