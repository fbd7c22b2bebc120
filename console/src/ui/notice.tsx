import type { ReactElement, ReactNode } from 'react';
import { errorText } from '../lib/error-text.js';

/** Something to know, announced to screen readers. */
export function Notice({ children }: { readonly children: ReactNode }): ReactElement {
  return (
    <div className="notice" role="status">
      {children}
    </div>
  );
}

/** Says what went wrong, if anything. */
export function ErrorNotice({ error }: { readonly error: unknown }): ReactElement | null {
  if (error === null || error === undefined) return null;
  return (
    <div className="notice error" role="alert">
      {errorText(error)}
    </div>
  );
}
