import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api } from '../lib/api.js';
import { TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { refreshPeople } from './people-queries.js';

export function CreateRole({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [name, setName] = useState('');
  const [comment, setComment] = useState('');
  const creating = useMutation({
    mutationFn: async () => api.POST('/v1/roles', { body: { name, ...(comment === '' ? {} : { comment }) } }),
    onSuccess: async () => {
      await refreshPeople();
      onClose();
    },
  });
  return (
    <Modal title="Create a role" onClose={onClose}>
      <Form submit="Create the role" isBusy={creating.isPending} onSubmit={creating.mutate}>
        <TextField label="Name" value={name} required onChange={setName} />
        <TextField label="Comment" value={comment} onChange={setComment} />
        <ErrorNotice error={creating.error} />
      </Form>
    </Modal>
  );
}
