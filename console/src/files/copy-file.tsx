import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api } from '../lib/api.js';
import { CheckField, ChoiceField, TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { refreshFiles } from './list/file-list.js';

interface CopyFileProps {
  readonly stage: string;
  readonly file: string;
  /** May the file be taken from where it is? */
  readonly isWritable: boolean;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

const WAYS = [
  { value: 'move', text: 'Rename: the old name is gone afterwards' },
  { value: 'copy', text: 'Copy: both names are there' },
] as const;

export function CopyFile(props: CopyFileProps): ReactElement {
  const { stage, file, isWritable, onDone, onClose } = props;
  const [way, setWay] = useState<(typeof WAYS)[number]['value']>(isWritable ? 'move' : 'copy');
  const [to, setTo] = useState(file);
  const [toStage, setToStage] = useState(isWritable ? stage : '~');
  const [replaces, setReplaces] = useState(false);
  const copying = useMutation({
    mutationFn: async () => {
      const path = { name: toStage };
      const params = replaces ? { path } : { path, header: { 'if-none-match': '*' } };
      const body = { from: file, from_stage: stage, to };
      await api.POST(way === 'move' ? '/v1/stages/{name}/move' : '/v1/stages/{name}/copy', { params, body });
    },
    onSuccess: async () => {
      await Promise.all([refreshFiles(stage), refreshFiles(toStage)]);
      onDone();
    },
  });
  return (
    <Modal title={isWritable ? 'Rename or copy' : 'Copy'} onClose={onClose}>
      <p className="wrap">{file}</p>
      <Form submit={way === 'move' ? 'Rename' : 'Copy'} isBusy={copying.isPending} onSubmit={copying.mutate}>
        {isWritable && <ChoiceField label="What to do" value={way} choices={WAYS} onChange={setWay} />}
        <TextField label="Stage" value={toStage} required onChange={setToStage} />
        <TextField label="New name, with its folders" value={to} required onChange={setTo} />
        <CheckField
          label="Replace a file that has the name already"
          checked={replaces}
          onChange={setReplaces}
        />
        <ErrorNotice error={copying.error} />
      </Form>
    </Modal>
  );
}
