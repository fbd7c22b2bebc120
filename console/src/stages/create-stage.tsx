import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { StagedoorError } from '../../../clients/typescript/src/stagedoor-error.js';
import { goTo } from '../app/route.js';
import { api } from '../lib/api.js';
import { mayInService } from '../session/rights.js';
import { currentUser } from '../session/session.js';
import { useRights } from '../session/use-rights.js';
import { CopyText } from '../ui/copy-text.js';
import { ChoiceField, TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { CheckReport } from './check-report.js';
import { ExternalFields } from './external-fields.js';
import { FormatField } from './format-field.js';
import { curlOf, EMPTY_DRAFT, requestOf, sqlOf, type StageDraft } from './new-stage.js';
import { refreshStages } from './stage-queries.js';

const KINDS = [
  { value: 'internal', text: 'Internal: the files are kept in this service, and go with the stage' },
  {
    value: 's3',
    text: 'External: the files are in a bucket of yours (S3, MinIO), and stay when it is dropped',
  },
  { value: 'fs', text: 'External: the files are in a folder of the server, and stay when it is dropped' },
] as const;
/** What an address begins with. */
const URLS = { internal: '', s3: 's3://', fs: 'fs:///' } as const;

export function CreateStage({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const change = (fields: Partial<StageDraft>): void => {
    setDraft({ ...draft, ...fields });
  };
  const creating = useMutation({
    mutationFn: async () => api.POST('/v1/stages', { body: requestOf(draft) }),
    onSuccess: async () => {
      await refreshStages();
      onClose();
      goTo({ page: 'files', stage: draft.name, folder: '' });
    },
  });
  return (
    <Modal title="Create a stage" onClose={onClose}>
      <Form submit="Create the stage" isBusy={creating.isPending} onSubmit={creating.mutate}>
        <Fields draft={draft} onChange={change} />
        <Failure error={creating.error} />
      </Form>
      <SameByOtherMeans draft={draft} />
    </Modal>
  );
}

interface FieldsProps {
  readonly draft: StageDraft;
  readonly onChange: (fields: Partial<StageDraft>) => void;
}

function Fields({ draft, onChange }: FieldsProps): ReactElement {
  const mayUseFolders = mayInService(useRights(), 'SUPER');
  return (
    <>
      <TextField
        label="Name"
        value={draft.name}
        required
        onChange={(name) => {
          onChange({ name });
        }}
      />
      <ChoiceField
        label="Kind"
        value={draft.kind}
        choices={KINDS.filter(({ value }) => value !== 'fs' || mayUseFolders)}
        onChange={(kind) => {
          onChange({ kind, url: URLS[kind] });
        }}
      />
      {draft.kind !== 'internal' && <ExternalFields draft={draft} onChange={onChange} />}
      <FormatField
        value={draft.format}
        onChange={(format) => {
          onChange({ format });
        }}
      />
      <TextField
        label="Comment"
        value={draft.comment}
        onChange={(comment) => {
          onChange({ comment });
        }}
      />
    </>
  );
}

function Failure({ error }: { readonly error: Error | null }): ReactElement {
  const report = error instanceof StagedoorError ? error.check : undefined;
  return (
    <>
      <ErrorNotice error={error} />
      {report !== undefined && <CheckReport checks={report.checks} />}
    </>
  );
}

function SameByOtherMeans({ draft }: { readonly draft: StageDraft }): ReactElement | null {
  if (draft.name === '') return null;
  const user = currentUser();
  return (
    <details>
      <summary>The same as SQL and by curl</summary>
      <CopyText label="SQL" text={sqlOf(draft)} />
      <CopyText label="curl" text={curlOf(draft, user)} />
    </details>
  );
}
