import type { ReactElement } from 'react';

interface WhyNotProps {
  /** What is not offered, as in `You may look at these files, and not change them.` */
  readonly text: string;
  /** What is missing, and who can give it. */
  readonly reason: string;
}

/** Stands where something would be offered that the reader may not do. Says why if asked. */
export function WhyNot({ text, reason }: WhyNotProps): ReactElement {
  return (
    <details className="why-not">
      <summary>{text}</summary>
      <p className="wrap">{reason}</p>
    </details>
  );
}
