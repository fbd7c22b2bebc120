import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../lib/api.js';
import { isKind } from '../lib/error-text.js';
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

export function RemoveFiles({ stage, names, onDone, onClose }: RemoveFilesProps): ReactElement {
  const removing = useMutation({
    mutationFn: async () => {
      for (const name of names) await removeName(stage, name);
    },
    onSuccess: onDone,
    onSettled: async () => refreshFiles(stage),
  });
  return (
    <Modal
      title={names.length === 1 ? 'Remove this?' : `Remove these ${String(names.length)}?`}
      onClose={onClose}
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
