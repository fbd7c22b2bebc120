import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api } from '../lib/api.js';
import { eachOfFew } from '../lib/each-of-few.js';
import { isKind } from '../lib/error-text.js';
import { useUnmountSignal } from '../lib/use-unmount-signal.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { refreshFiles } from './list/file-list.js';

interface RemoveFilesProps {
  readonly stage: string;
  /** Names of folders end in a slash. */
  readonly names: readonly string[];
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Requests that run at the same time: each name is removed by one. */
const AT_ONCE = 4;

export function RemoveFiles({ stage, names, onDone, onClose }: RemoveFilesProps): ReactElement {
  const [removed, setRemoved] = useState(0);
  const signal = useUnmountSignal();
  const remove = async (name: string): Promise<void> => {
    await removeName(stage, name);
    setRemoved((count) => count + 1);
  };
  const removing = useMutation({
    mutationFn: async () => eachOfFew(names, AT_ONCE, remove, signal),
    onSuccess: onDone,
    onSettled: async () => refreshFiles(stage),
  });
  return (
    <Modal
      title={names.length === 1 ? 'Remove this?' : `Remove these ${String(names.length)}?`}
      onClose={removing.isPending ? onDone : onClose}
    >
      <p>Removed from {stage} for good:</p>
      <ul className="names" tabIndex={0} aria-label="Names that are removed">
        {names.map((name) => (
          <li key={name}>{name.endsWith('/') ? `${name} and every file below it` : name}</li>
        ))}
      </ul>
      <Form submit="Remove" isDanger isBusy={removing.isPending} onSubmit={removing.mutate}>
        <ErrorNotice error={removing.error} />
      </Form>
      {removing.isPending && names.length > 1 && (
        <>
          <progress aria-label="Progress of the removal" value={removed} max={names.length} />
          <p role="status">
            {removed} of {names.length} removed. Closing this dialog stops it.
          </p>
        </>
      )}
    </Modal>
  );
}

async function removeName(stage: string, name: string): Promise<void> {
  try {
    if (name.endsWith('/')) {
      const params = { path: { name: stage }, query: { prefix: name } };
      await api.DELETE('/v1/stages/{name}/files', { params });
    } else {
      await api.DELETE('/v1/stages/{name}/files/{path}', { params: { path: { name: stage, path: name } } });
    }
  } catch (error) {
    if (!isKind(error, 'FileNotFound')) throw error; // somebody else has removed it
  }
}
