import type { ReactElement } from 'react';
import { CheckField, TextField } from '../ui/fields.js';
import type { StageDraft } from './new-stage.js';
import { StoreFields } from './store-fields.js';

interface S3FieldsProps {
  readonly draft: StageDraft;
  readonly onChange: (fields: Partial<StageDraft>) => void;
}

export function S3Fields({ draft, onChange }: S3FieldsProps): ReactElement {
  return (
    <>
      <TextField
        label="URL"
        value={draft.url}
        required
        autoComplete="off"
        hint="As in s3://bucket/folder/"
        onChange={(url) => {
          onChange({ url });
        }}
      />
      <StoreFields draft={draft} keysHint="Empty for a public bucket." onChange={onChange} />
      <CheckField
        label="Check that the store can be listed, written to and read, before the stage is made"
        checked={draft.isChecked}
        onChange={(isChecked) => {
          onChange({ isChecked });
        }}
      />
    </>
  );
}
