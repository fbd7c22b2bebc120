import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, type Schemas } from '../lib/api.js';
import { CheckField, TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { refreshPeople } from './people-queries.js';
import { RoleChoice } from './role-choice.js';

interface CreateUserProps {
  readonly roles: readonly Schemas['Role'][];
  readonly onClose: () => void;
}

export function CreateUser({ roles, onClose }: CreateUserProps): ReactElement {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [mustChange, setMustChange] = useState(true);
  const [granted, setGranted] = useState<readonly string[]>([]);
  const creating = useMutation({
    mutationFn: async () => {
      const [defaultRole] = granted;
      const role = defaultRole === undefined ? {} : { roles: [...granted], default_role: defaultRole };
      const body = { name, auth_string: password, must_change_password: mustChange, ...role };
      await api.POST('/v1/users', { body });
    },
    onSuccess: async () => {
      await refreshPeople();
      onClose();
    },
  });
  return (
    <Modal title="Create a user" onClose={onClose}>
      <Form submit="Create the user" isBusy={creating.isPending} onSubmit={creating.mutate}>
        <TextField label="Name" value={name} required autoComplete="off" onChange={setName} />
        <TextField
          label="First password"
          type="password"
          value={password}
          required
          autoComplete="new-password"
          onChange={setPassword}
        />
        <CheckField label="Must change the password at once" checked={mustChange} onChange={setMustChange} />
        <RoleChoice roles={roles} granted={granted} onGrant={setGranted} />
        <ErrorNotice error={creating.error} />
      </Form>
    </Modal>
  );
}
