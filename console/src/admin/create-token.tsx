import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf, type Schemas } from '../lib/api.js';
import { CopyText } from '../ui/copy-text.js';
import { ChoiceField, TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice, Notice } from '../ui/notice.js';

const LEVELS = [
  { value: 'all', text: 'all that I may, but no passwords and tokens' },
  { value: 'READ', text: 'read files' },
  { value: 'WRITE', text: 'write files' },
  { value: 'READ,WRITE', text: 'read and write files' },
] as const;
const LIVES = [
  { value: '86400', text: 'a day' },
  { value: '2592000', text: '30 days' },
  { value: '31536000', text: 'a year' },
] as const;

type Privilege = NonNullable<Schemas['NewToken']['scope']>['privileges'][number];

export function CreateToken({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [name, setName] = useState('');
  const [level, setLevel] = useState<(typeof LEVELS)[number]['value']>('READ,WRITE');
  const [life, setLife] = useState<(typeof LIVES)[number]['value']>('2592000');
  const [stage, setStage] = useState('');
  const creating = useMutation({
    mutationFn: async () => {
      const privileges = level.split(',') as Privilege[]; // of LEVELS
      const scope = { privileges, ...(stage === '' ? {} : { stages: [stage] }) };
      const body = { name, expires_in_seconds: Number(life), ...(level === 'all' ? {} : { scope }) };
      return bodyOf(api.POST('/v1/tokens', { body }));
    },
  });
  if (creating.data !== undefined) return <MadeToken token={creating.data.token} onClose={onClose} />;
  return (
    <Modal title="Make a token" onClose={onClose}>
      <Form submit="Make the token" isBusy={creating.isPending} onSubmit={creating.mutate}>
        <TextField
          label="Name"
          value={name}
          required
          hint="What it is for, as in nightly-load"
          onChange={setName}
        />
        <ChoiceField label="It may" value={level} choices={LEVELS} onChange={setLevel} />
        {level !== 'all' && (
          <TextField label="Stage" value={stage} hint="Empty for every stage" onChange={setStage} />
        )}
        <ChoiceField label="It expires after" value={life} choices={LIVES} onChange={setLife} />
        <ErrorNotice error={creating.error} />
      </Form>
    </Modal>
  );
}

function MadeToken({
  token,
  onClose,
}: {
  readonly token: string;
  readonly onClose: () => void;
}): ReactElement {
  return (
    <Modal title="The token" onClose={onClose}>
      <Notice>Copy it now: it is never shown again.</Notice>
      <CopyText label="Token" text={token} />
    </Modal>
  );
}
