import type { ReactElement, ReactNode } from 'react';

interface FormProps {
  /** Text of the button that sends it. */
  readonly submit: string;
  readonly isBusy: boolean;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
  readonly isDanger?: boolean;
}

export function Form({ submit, isBusy, onSubmit, children, isDanger = false }: FormProps): ReactElement {
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onSubmit();
      }}
    >
      {children}
      <p className="actions">
        <button type="submit" className={isDanger ? 'danger' : 'primary'} aria-disabled={isBusy}>
          {isBusy ? 'One moment…' : submit}
        </button>
      </p>
    </form>
  );
}
