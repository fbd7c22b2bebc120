import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api } from '../lib/api.js';
import { ChoiceField, TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { refreshPeople } from './people-queries.js';

interface DropUserProps {
  readonly name: string;
  readonly onClose: () => void;
}

const FATES = [
  { value: 'none', text: 'the own stage is empty: nothing is lost' },
  { value: 'give', text: 'give the files of the own stage to somebody' },
  { value: 'remove', text: 'remove the files of the own stage, for good' },
] as const;

export function DropUser({ name, onClose }: DropUserProps): ReactElement {
  const [fate, setFate] = useState<(typeof FATES)[number]['value']>('none');
  const [heir, setHeir] = useState('');
  const dropping = useMutation({
    mutationFn: async () => {
      const query = fate === 'none' ? {} : fate === 'give' ? { files: fate, to: heir } : { files: fate };
      await api.DELETE('/v1/users/{name}', { params: { path: { name }, query } });
    },
    onSuccess: async () => {
      await refreshPeople();
      onClose();
    },
  });
  return (
    <Modal title={`Drop ${name}?`} onClose={onClose}>
      <p>The user is out at once, everywhere. Tokens, sessions and grants of the user end.</p>
      <Form submit="Drop the user" isDanger isBusy={dropping.isPending} onSubmit={dropping.mutate}>
        <ChoiceField label="The files of this user" value={fate} choices={FATES} onChange={setFate} />
        {fate === 'give' && (
          <TextField label="Give them to the user" value={heir} required onChange={setHeir} />
        )}
        <ErrorNotice error={dropping.error} />
      </Form>
    </Modal>
  );
}
