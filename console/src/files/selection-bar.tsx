import { useState, type ReactElement } from 'react';
import { CopyFile } from './copy-file.js';
import { RemoveFiles } from './remove-files.js';
import { ShareFile } from './share-file.js';

interface SelectionBarProps {
  readonly stage: string;
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

type DialogName = 'copy' | 'share' | 'remove';

/** Offers what can be done with the chosen names. */
export function SelectionBar({ stage, chosen, onChoose }: SelectionBarProps): ReactElement {
  const [dialog, setDialog] = useState<DialogName>();
  const names = [...chosen];
  const [single] = names.length === 1 && names[0]?.endsWith('/') === false ? names : [];
  const close = (): void => {
    setDialog(undefined);
  };
  const done = (): void => {
    close();
    onChoose(new Set());
  };
  return (
    <div className="selection" role="group" aria-label="Chosen files">
      <span role="status">{names.length === 0 ? 'Nothing chosen' : `${String(names.length)} chosen`}</span>
      <OpenButton
        text="Rename or copy"
        isDisabled={single === undefined}
        onOpen={() => {
          setDialog('copy');
        }}
      />
      <OpenButton
        text="Make a link"
        isDisabled={single === undefined}
        onOpen={() => {
          setDialog('share');
        }}
      />
      <OpenButton
        text="Remove"
        isDisabled={names.length === 0}
        onOpen={() => {
          setDialog('remove');
        }}
      />
      {dialog === 'copy' && single !== undefined && (
        <CopyFile {...{ stage, file: single }} onDone={done} onClose={close} />
      )}
      {dialog === 'share' && single !== undefined && (
        <ShareFile {...{ stage, file: single }} onClose={close} />
      )}
      {dialog === 'remove' && <RemoveFiles {...{ stage, names }} onDone={done} onClose={close} />}
    </div>
  );
}

interface OpenButtonProps {
  readonly text: string;
  readonly isDisabled: boolean;
  readonly onOpen: () => void;
}

function OpenButton({ text, isDisabled, onOpen }: OpenButtonProps): ReactElement {
  return (
    <button type="button" disabled={isDisabled} onClick={onOpen}>
      {text}
    </button>
  );
}
