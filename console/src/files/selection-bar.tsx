import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { ErrorNotice } from '../ui/notice.js';
import { chosenText, NONE_CHOSEN, type ChosenFiles } from './chosen-files.js';
import { CopyFile } from './copy-file.js';
import { download } from './presign.js';
import { RemoveFiles } from './remove-files.js';
import { ShareFile } from './share-file.js';
import { ZipFiles } from './zip-files.js';

interface SelectionBarProps {
  readonly stage: string;
  readonly folder: string;
  readonly chosen: ChosenFiles;
  /** May the reader change files here? */
  readonly isWritable: boolean;
  readonly onChoose: (chosen: ChosenFiles) => void;
}

type DialogName = 'zip' | 'copy' | 'share' | 'remove';

/** Offers what can be done with the chosen names. */
export function SelectionBar(props: SelectionBarProps): ReactElement {
  const { stage, chosen, isWritable, onChoose } = props;
  const [dialog, setDialog] = useState<DialogName>();
  const names = [...chosen.keys()];
  const [single] = names.length === 1 && names[0]?.endsWith('/') === false ? names : [];
  const downloading = useMutation({ mutationFn: async (file: string) => download(stage, file) });
  const close = (): void => {
    setDialog(undefined);
  };
  const done = (): void => {
    close();
    onChoose(NONE_CHOSEN);
  };
  const opener = (name: DialogName, text: string, isDisabled: boolean): ReactElement => (
    <ActionButton
      text={text}
      isDisabled={isDisabled}
      onClick={() => {
        setDialog(name);
      }}
    />
  );
  return (
    <div className="selection" role="group" aria-label="Chosen files">
      <span role="status">{chosenText(chosen)}</span>
      <ActionButton
        text="Download"
        isDisabled={single === undefined}
        onClick={() => {
          if (single !== undefined) downloading.mutate(single);
        }}
      />
      {opener('zip', names.length === 0 ? 'All as ZIP' : 'As ZIP', false)}
      {opener('copy', isWritable ? 'Rename or copy' : 'Copy', single === undefined)}
      {opener('share', 'Make a link', single === undefined)}
      {isWritable && opener('remove', 'Remove', names.length === 0)}
      <ErrorNotice error={downloading.error} />
      <SelectionDialog {...{ ...props, dialog, single, names }} onDone={done} onClose={close} />
    </div>
  );
}

interface SelectionDialogProps extends Omit<SelectionBarProps, 'onChoose'> {
  readonly dialog: DialogName | undefined;
  readonly names: readonly string[];
  /** The only name, where it is that of a file. */
  readonly single: string | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function SelectionDialog(props: SelectionDialogProps): ReactElement | null {
  const { stage, folder, chosen, isWritable, dialog, names, single: file, onDone, onClose } = props;
  if (dialog === 'zip') return <ZipFiles {...{ stage, folder, chosen, onClose }} />;
  if (dialog === 'remove') return <RemoveFiles {...{ stage, names, onDone, onClose }} />;
  if (dialog === undefined || file === undefined) return null;
  if (dialog === 'share') return <ShareFile {...{ stage, file, onClose }} />;
  return <CopyFile {...{ stage, file, isWritable, onDone, onClose }} />;
}

interface ActionButtonProps {
  readonly text: string;
  readonly isDisabled: boolean;
  readonly onClick: () => void;
}

function ActionButton({ text, isDisabled, onClick }: ActionButtonProps): ReactElement {
  return (
    <button type="button" disabled={isDisabled} onClick={onClick}>
      {text}
    </button>
  );
}
