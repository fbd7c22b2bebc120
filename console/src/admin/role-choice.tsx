import type { ReactElement } from 'react';
import type { Schemas } from '../lib/api.js';
import { CheckField } from '../ui/fields.js';

/** Built in: everybody has it. */
const PUBLIC = 'public';

interface RoleChoiceProps {
  readonly roles: readonly Pick<Schemas['Role'], 'name'>[];
  readonly granted: readonly string[];
  readonly onGrant: (granted: readonly string[]) => void;
}

export function RoleChoice({ roles, granted, onGrant }: RoleChoiceProps): ReactElement {
  return (
    <fieldset className="field choices">
      <legend>Roles</legend>
      {roles
        .filter(({ name }) => name !== PUBLIC)
        .map(({ name }) => (
          <CheckField
            key={name}
            label={name}
            checked={granted.includes(name)}
            onChange={(isGranted) => {
              const others = granted.filter((other) => other !== name);
              onGrant(isGranted ? [...others, name] : others);
            }}
          />
        ))}
    </fieldset>
  );
}
