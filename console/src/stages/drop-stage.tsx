import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf } from '../lib/api.js';
import { TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { refreshStages, type Stage } from './stage-queries.js';

interface DropStageProps {
  readonly stage: Stage;
  readonly onClose: () => void;
}

/** As many names are asked for to say how many files would be lost. */
const COUNTED = 1000;

export function DropStage({ stage, onClose }: DropStageProps): ReactElement {
  const { name } = stage;
  const [typed, setTyped] = useState('');
  const dropping = useMutation({
    mutationFn: async () => {
      if (typed !== name) throw new TypedNameError(name);
      await api.DELETE('/v1/stages/{name}', { params: { path: { name } } });
    },
    onSuccess: async () => {
      await refreshStages();
      onClose();
    },
  });
  return (
    <Modal title={`Drop ${name}?`} onClose={onClose}>
      {stage.stage_type === 'Internal' ? <LostFiles stage={name} /> : <KeptFiles url={stage.url ?? ''} />}
      <Form submit="Drop the stage" isDanger isBusy={dropping.isPending} onSubmit={dropping.mutate}>
        <TextField
          label={`Type the name of the stage to confirm: ${name}`}
          value={typed}
          onChange={setTyped}
        />
        <ErrorNotice error={dropping.error} />
      </Form>
    </Modal>
  );
}

class TypedNameError extends Error {
  constructor(name: string) {
    super(`Type ${name} into the field: that is the stage that would be dropped.`);
  }
}

function KeptFiles({ url }: { readonly url: string }): ReactElement {
  return (
    <p>
      The files in <code>{url}</code> stay there. The stage's connection, its comment and who may use it are
      forgotten.
    </p>
  );
}

function LostFiles({ stage }: { readonly stage: string }): ReactElement {
  const files = useQuery({
    queryKey: ['lost', stage],
    gcTime: 0,
    queryFn: async ({ signal }) => {
      const params = { path: { name: stage }, query: { limit: COUNTED } };
      return bodyOf(api.GET('/v1/stages/{name}/files', { params, signal }));
    },
  });
  const { data } = files;
  return (
    <>
      <ErrorNotice error={files.error} />
      <p role="status">
        {data === undefined ? 'Counting its files…' : lossOf(data.files.length, data.next_cursor !== null)}
      </p>
      {data !== undefined && data.files.length > 0 && (
        <ul className="names">
          {data.files.slice(0, 5).map((file) => (
            <li key={file.name}>{file.name}</li>
          ))}
          {data.files.length > 5 && <li>… and others</li>}
        </ul>
      )}
    </>
  );
}

function lossOf(count: number, hasMore: boolean): string {
  if (count === 0) return 'It has no files.';
  const files = count === 1 ? 'file is' : 'files are';
  return `${hasMore ? 'More than ' : ''}${count.toLocaleString('en')} ${files} lost with it, for good:`;
}
