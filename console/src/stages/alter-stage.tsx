import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf, type Schemas } from '../lib/api.js';
import { currentUser } from '../session/session.js';
import { CopyText } from '../ui/copy-text.js';
import { TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { changeCurl, changeOf, changeSql, draftOf, hasOptions, type ChangeDraft } from './changed-stage.js';
import { CheckReport } from './check-report.js';
import { FormatField } from './format-field.js';
import { StoreFields } from './store-fields.js';
import { refreshStages, type Stage } from './stage-queries.js';

interface AlterStageProps {
  readonly stage: Stage;
  readonly onClose: () => void;
}

/** Changes a stage, then checks its store. */
export function AlterStage({ stage, onClose }: AlterStageProps): ReactElement {
  const [draft, setDraft] = useState(() => draftOf(stage));
  const change = (fields: Partial<ChangeDraft>): void => {
    setDraft({ ...draft, ...fields });
  };
  const changing = useMutation({
    mutationFn: async () => changeAndCheck(stage, draft),
    onSuccess: (report) => {
      if (report?.ok !== false) onClose();
    },
    onSettled: refreshStages,
  });
  return (
    <Modal title={`Change ${stage.name}`} onClose={onClose}>
      <Form submit="Change the stage" isBusy={changing.isPending} onSubmit={changing.mutate}>
        <TextField
          label="Comment"
          value={draft.comment}
          onChange={(comment) => {
            change({ comment });
          }}
        />
        <FormatField
          value={draft.format}
          onChange={(format) => {
            change({ format });
          }}
        />
        {stage.stage_type === 'External' && <StoreChange stage={stage} draft={draft} onChange={change} />}
        <ErrorNotice error={changing.error} />
      </Form>
      {changing.data?.ok === false && (
        <>
          <Notice>The stage is changed, but its store does not work:</Notice>
          <CheckReport checks={changing.data.checks} />
        </>
      )}
      <SameByOtherMeans stage={stage} draft={draft} />
    </Modal>
  );
}

function SameByOtherMeans({ stage, draft }: Omit<StoreChangeProps, 'onChange'>): ReactElement | null {
  if (Object.keys(changeOf(stage, draft)).length === 0) return null;
  return (
    <details>
      <summary>The same as SQL and by curl</summary>
      <CopyText label="SQL" text={changeSql(stage, draft)} />
      <CopyText label="curl" text={changeCurl(stage, draft, currentUser())} />
    </details>
  );
}

interface StoreChangeProps {
  readonly stage: Stage;
  readonly draft: ChangeDraft;
  readonly onChange: (fields: Partial<ChangeDraft>) => void;
}

function StoreChange({ stage, draft, onChange }: StoreChangeProps): ReactElement {
  return (
    <>
      <TextField
        label="URL"
        value={draft.url}
        required
        autoComplete="off"
        hint="The files stay where they are: another URL shows others, and needs the keys again."
        onChange={(url) => {
          onChange({ url });
        }}
      />
      {hasOptions(stage) && (
        <StoreFields draft={draft} keysHint="Empty: the kept key stays." onChange={onChange} />
      )}
      {stage.connection_ref !== null && (
        <p>
          Keys and endpoint are those of the connection <strong>{stage.connection_ref}</strong>: change them
          there, by <code>ALTER CONNECTION</code>.
        </p>
      )}
    </>
  );
}

/** @returns the report where the store of the stage has changed. */
async function changeAndCheck(stage: Stage, draft: ChangeDraft): Promise<Schemas['StageCheck'] | undefined> {
  const body = changeOf(stage, draft);
  const params = { path: { name: stage.name } };
  if (Object.keys(body).length > 0) await api.PATCH('/v1/stages/{name}', { params, body });
  const isElsewhere = body.url !== undefined || body.connection !== undefined;
  return isElsewhere ? bodyOf(api.POST('/v1/stages/{name}/check', { params })) : undefined;
}
