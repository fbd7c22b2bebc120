import type { ReactElement } from 'react';
import { CheckField, TextField } from '../ui/fields.js';
import type { StageDraft } from './new-stage.js';

interface S3FieldsProps {
  readonly draft: StageDraft;
  readonly onChange: (fields: Partial<StageDraft>) => void;
}

const TEXTS = [
  { field: 'url', label: 'URL', hint: 'As in s3://bucket/folder/', required: true },
  {
    field: 'endpointUrl',
    label: 'Endpoint',
    hint: 'Of MinIO and others, as in http://127.0.0.1:9000. Empty for AWS.',
  },
  { field: 'region', label: 'Region', hint: 'As in eu-central-1. Empty where the store has none.' },
  { field: 'accessKeyId', label: 'Access key', hint: 'Empty for a public bucket.' },
] as const;

export function S3Fields({ draft, onChange }: S3FieldsProps): ReactElement {
  return (
    <>
      {TEXTS.map(({ field, ...text }) => (
        <TextField
          key={field}
          {...text}
          value={draft[field]}
          autoComplete="off"
          onChange={(value) => {
            onChange({ [field]: value });
          }}
        />
      ))}
      <TextField
        label="Secret key"
        type="password"
        value={draft.secretAccessKey}
        autoComplete="off"
        hint="It is kept encrypted, and never shown again."
        onChange={(secretAccessKey) => {
          onChange({ secretAccessKey });
        }}
      />
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
