import type { ReactElement } from 'react';
import { CheckField, SelectField, TextField } from '../ui/fields.js';
import { useConnections } from './connection-queries.js';
import type { StageDraft } from './new-stage.js';
import { StoreFields } from './store-fields.js';

interface ExternalFieldsProps {
  readonly draft: StageDraft;
  readonly onChange: (fields: Partial<StageDraft>) => void;
}

const URL_HINTS = {
  s3: 'As in s3://bucket/folder/',
  fs: 'As in fs:///srv/stages/scans/: a folder of the server, in one of its FS_STAGE_ROOTS.',
} as const;

/** Where the files of an external stage are, and how they are reached. */
export function ExternalFields({ draft, onChange }: ExternalFieldsProps): ReactElement {
  return (
    <>
      <TextField
        label="URL"
        value={draft.url}
        required
        autoComplete="off"
        hint={draft.kind === 'fs' ? URL_HINTS.fs : URL_HINTS.s3}
        onChange={(url) => {
          onChange({ url });
        }}
      />
      {draft.kind === 's3' && <ConnectionField draft={draft} onChange={onChange} />}
      {draft.kind === 's3' && draft.connectionRef === '' && (
        <StoreFields draft={draft} keysHint="Empty for a public bucket." onChange={onChange} />
      )}
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

/** A named connection has the keys. Nothing is shown where there is none to be used. */
function ConnectionField({ draft, onChange }: ExternalFieldsProps): ReactElement | null {
  const { data: connections = [] } = useConnections();
  if (connections.length === 0) return null;
  const named = connections.map((name) => ({ value: name, text: `those of the connection ${name}` }));
  return (
    <SelectField
      label="Keys and endpoint"
      value={draft.connectionRef}
      choices={[{ value: '', text: 'given here' }, ...named]}
      onChange={(connectionRef) => {
        onChange({ connectionRef });
      }}
    />
  );
}
