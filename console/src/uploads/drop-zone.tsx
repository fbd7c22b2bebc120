import { useMutation } from '@tanstack/react-query';
import { useState, type DragEvent, type ReactElement, type ReactNode } from 'react';
import { ErrorNotice } from '../ui/notice.js';
import { droppedFiles } from './dropped-files.js';
import { offerFiles } from './pending-choice.js';

interface DropZoneProps {
  readonly stage: string;
  readonly folder: string;
  readonly children: ReactNode;
}

/** Takes files and folders that are dropped onto the page. */
export function DropZone({ stage, folder, children }: DropZoneProps): ReactElement {
  const [isOver, setIsOver] = useState(false);
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
    offering.mutate(event.dataTransfer);
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
      {children}
    </div>
  );
}
