import type { ReactElement } from 'react';
import { SelectField, TextField } from '../ui/fields.js';
import type { AuditFilter } from './audit-filter.js';

interface AuditFiltersProps {
  readonly filter: AuditFilter;
  readonly onChange: (filter: AuditFilter) => void;
}

const ACTIONS = [
  '',
  'file.put',
  'file.get',
  'file.remove',
  'file.copy',
  'file.move',
  'file.archive',
  'file.presign',
  'file.list',
  'stage.create',
  'stage.alter',
  'stage.drop',
  'stage.check',
  'stage.give',
  'grant.give',
  'grant.revoke',
  'user.sign_in',
  'user.sign_out',
  'user.create',
  'user.alter',
  'user.drop',
  'role.create',
  'role.drop',
  'token.create',
  'token.revoke',
  'connection.create',
  'connection.alter',
  'connection.drop',
  'audit.read',
] as const;
const OUTCOMES = ['', 'success', 'denied', 'failed'] as const;
const TIMES = [
  { value: '', text: 'any time' },
  { value: '1', text: 'the last hour' },
  { value: '24', text: 'the last day' },
  { value: '168', text: 'the last week' },
] as const;
const TEXTS = [
  { field: 'user', label: 'User' },
  { field: 'stage', label: 'Stage' },
  { field: 'path', label: 'Path begins with' },
] as const;

export function AuditFilters({ filter, onChange }: AuditFiltersProps): ReactElement {
  return (
    <div className="toolbar">
      {TEXTS.map(({ field, label }) => (
        <TextField
          key={field}
          label={label}
          type="search"
          value={filter[field]}
          onChange={(text) => {
            onChange({ ...filter, [field]: text });
          }}
        />
      ))}
      <SelectField
        label="Action"
        value={filter.action ?? ''}
        choices={ACTIONS.map((value) => ({ value, text: value === '' ? 'any' : value }))}
        onChange={(action) => {
          onChange({ ...filter, action });
        }}
      />
      <SelectField
        label="Outcome"
        value={filter.outcome ?? ''}
        choices={OUTCOMES.map((value) => ({ value, text: value === '' ? 'any' : value }))}
        onChange={(outcome) => {
          onChange({ ...filter, outcome });
        }}
      />
      <SelectField
        label="Time"
        value={filter.hours}
        choices={TIMES}
        onChange={(hours) => {
          onChange({ ...filter, hours });
        }}
      />
    </div>
  );
}
