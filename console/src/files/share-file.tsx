import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { CopyText } from '../ui/copy-text.js';
import { ChoiceField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { Time } from '../ui/time.js';
import { presignDownload } from './presign.js';

interface ShareFileProps {
  readonly stage: string;
  readonly file: string;
  readonly onClose: () => void;
}

const EXPIRIES = [
  { value: '900', text: '15 minutes' },
  { value: '3600', text: 'an hour' },
  { value: '86400', text: 'a day' },
  { value: '604800', text: 'seven days' },
] as const;

export function ShareFile({ stage, file, onClose }: ShareFileProps): ReactElement {
  const [seconds, setSeconds] = useState<(typeof EXPIRIES)[number]['value']>('3600');
  const sharing = useMutation({ mutationFn: async () => presignDownload(stage, file, Number(seconds)) });
  return (
    <Modal title="A link to download" onClose={onClose}>
      <p className="wrap">{file}</p>
      <p>Everybody who has the link can download this file, without a password, until it expires.</p>
      <Form submit="Make the link" isBusy={sharing.isPending} onSubmit={sharing.mutate}>
        <ChoiceField label="It expires after" value={seconds} choices={EXPIRIES} onChange={setSeconds} />
        <ErrorNotice error={sharing.error} />
      </Form>
      {sharing.data !== undefined && (
        <>
          <CopyText label="Link" text={sharing.data.url} />
          <p>
            It expires: <Time iso={sharing.data.expires_at} />
          </p>
        </>
      )}
    </Modal>
  );
}
