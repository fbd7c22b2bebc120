import { useState, type ReactElement } from 'react';

interface CopyTextProps {
  readonly label: string;
  readonly text: string;
}

/** A text to take along, with a button that copies it. */
export function CopyText({ label, text }: CopyTextProps): ReactElement {
  const [state, setState] = useState('Copy');
  const copy = (): void => {
    copied(text).then(
      () => {
        setState('Copied');
      },
      () => {
        setState('Select it and copy by hand');
      },
    );
  };
  return (
    <div className="copy-text">
      <div className="copy-head">
        <span>{label}</span>
        <button type="button" className="quiet" onClick={copy} aria-label={`Copy: ${label}`}>
          <span role="status">{state}</span>
        </button>
      </div>
      <pre tabIndex={0} aria-label={label}>
        {text}
      </pre>
    </div>
  );
}

/** Pages without https have no clipboard, unless they are of this machine. */
async function copied(text: string): Promise<void> {
  if (!('clipboard' in navigator)) throw new TypeError('There is no clipboard.');
  await navigator.clipboard.writeText(text);
}
