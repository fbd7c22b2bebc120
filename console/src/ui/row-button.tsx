import type { ReactElement } from 'react';

interface RowButtonProps {
  readonly text: string;
  /** The text for screen readers, with what the row is about. */
  readonly label: string;
  readonly onClick: () => void;
}

/** A button of one row of many. */
export function RowButton({ text, label, onClick }: RowButtonProps): ReactElement {
  return (
    <button type="button" className="quiet" aria-label={label} onClick={onClick}>
      {text}
    </button>
  );
}
