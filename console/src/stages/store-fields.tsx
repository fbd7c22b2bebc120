import type { ReactElement } from 'react';
import { TextField } from '../ui/fields.js';

/** How a bucket is reached. */
export interface StoreDraft {
  readonly endpointUrl: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface StoreFieldsProps {
  readonly draft: StoreDraft;
  /** Says what an empty key means. */
  readonly keysHint: string;
  readonly onChange: (fields: Partial<StoreDraft>) => void;
}

const TEXTS = [
  {
    field: 'endpointUrl',
    label: 'Endpoint',
    hint: 'Of MinIO and others, as in http://127.0.0.1:9000. Empty for AWS.',
  },
  { field: 'region', label: 'Region', hint: 'As in eu-central-1. Empty where the store has none.' },
] as const;

/** The options of a bucket on S3. */
export function StoreFields({ draft, keysHint, onChange }: StoreFieldsProps): ReactElement {
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
        label="Access key"
        value={draft.accessKeyId}
        autoComplete="off"
        hint={keysHint}
        onChange={(accessKeyId) => {
          onChange({ accessKeyId });
        }}
      />
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
    </>
  );
}
