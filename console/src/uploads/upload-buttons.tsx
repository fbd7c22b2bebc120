import { useMutation } from '@tanstack/react-query';
import { useRef, type ReactElement } from 'react';
import { useStore } from '../lib/store.js';
import { CheckField } from '../ui/fields.js';
import { ErrorNotice } from '../ui/notice.js';
import { inputFiles } from './dropped-files.js';
import { offerFiles } from './pending-choice.js';
import type { ChosenFile } from './upload-item.js';
import { comparesMd5 } from './upload-options.js';

interface UploadButtonsProps {
  readonly stage: string;
  readonly folder: string;
}

export function UploadButtons({ stage, folder }: UploadButtonsProps): ReactElement {
  const offering = useMutation({
    mutationFn: async (files: readonly ChosenFile[]) => offerFiles(stage, files),
  });
  const isCompared = useStore(comparesMd5);
  const choose = (files: FileList | null): void => {
    if (files !== null) offering.mutate(inputFiles(files, folder));
  };
  return (
    <div className="actions">
      <ChooseButton text="Upload files" isDirectory={false} onChoose={choose} />
      <ChooseButton text="Upload a folder" isDirectory onChoose={choose} />
      <CheckField
        label="Compare md5"
        checked={isCompared}
        onChange={(isWanted) => {
          comparesMd5.set(isWanted);
        }}
      />
      <ErrorNotice error={offering.error} />
    </div>
  );
}

interface ChooseButtonProps {
  readonly text: string;
  readonly isDirectory: boolean;
  readonly onChoose: (files: FileList | null) => void;
}

function ChooseButton({ text, isDirectory, onChoose }: ChooseButtonProps): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={isDirectory ? '' : 'primary'} onClick={() => input.current?.click()}>
        {text}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        tabIndex={-1}
        aria-label={text}
        {...{ webkitdirectory: isDirectory }} // a property that React's types do not have
        onChange={(event) => {
          onChoose(event.currentTarget.files);
          event.currentTarget.value = ''; // so that the same file can be chosen again
        }}
      />
    </>
  );
}
