import { useMutation } from '@tanstack/react-query';
import { useState, type DragEvent, type ReactElement, type ReactNode } from 'react';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { droppedFiles } from './dropped-files.js';
import { offerFiles } from './pending-choice.js';

interface DropZoneProps {
  readonly stage: string;
  readonly folder: string;
  /** Why nothing is taken. */
  readonly refusal: string | undefined;
  readonly children: ReactNode;
}

/** Takes files and folders that are dropped onto the page. */
export function DropZone({ stage, folder, refusal, children }: DropZoneProps): ReactElement {
  const [isOver, setIsOver] = useState(false);
  const [isRefused, setIsRefused] = useState(false);
  const offering = useMutation({
    mutationFn: async (transfer: DataTransfer) => offerFiles(stage, await droppedFiles(transfer, folder)),
  });
  const over = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(true);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setIsOver(false);
    setIsRefused(refusal !== undefined);
    if (refusal === undefined) offering.mutate(event.dataTransfer);
  };
  return (
    <div
      className={isOver ? 'drop-zone over' : 'drop-zone'}
      onDragOver={over}
      onDragLeave={() => {
        setIsOver(false);
      }}
      onDrop={drop}
    >
      <ErrorNotice error={offering.error} />
      {isRefused && refusal !== undefined && <Notice>Nothing is sent. {refusal}</Notice>}
      {children}
    </div>
  );
}
