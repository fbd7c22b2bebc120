import type { ReactElement } from 'react';

interface PageHeadProps {
  readonly title: string;
  /** Text of the button that begins something new. */
  readonly button: string;
  readonly onClick: () => void;
  readonly level?: 'h1' | 'h2';
  readonly isPrimary?: boolean;
  /** May the reader do that? */
  readonly isOffered?: boolean;
}

export function PageHead(props: PageHeadProps): ReactElement {
  const { title, button, onClick, level: Level = 'h1', isPrimary = false, isOffered = true } = props;
  return (
    <div className="page-head">
      <Level>{title}</Level>
      {isOffered && (
        <button type="button" className={isPrimary ? 'primary' : ''} onClick={onClick}>
          {button}
        </button>
      )}
    </div>
  );
}
