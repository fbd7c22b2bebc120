import type { ReactElement } from 'react';
import type { Schemas } from '../lib/api.js';

const TRIED: Readonly<Record<string, string>> = {
  list: 'List files',
  write: 'Write a file',
  read: 'Read it back',
  remove: 'Remove it',
  directory: 'Find the directory',
  clock: 'Compare the clocks',
};

/** Says in plain words how each trial of a store went. */
export function CheckReport({ checks }: Pick<Schemas['CheckReport'], 'checks'>): ReactElement {
  return (
    <ul className="checks" tabIndex={0} aria-label="What was tried">
      {checks.map(({ check, ok, reason, advice }) => (
        <li key={check}>
          <strong>{TRIED[check] ?? check}</strong>: {outcomeOf(ok)}
          {reason !== undefined && <span className="reason">{reason}</span>}
          {advice !== undefined && <span className="advice">{advice}</span>}
        </li>
      ))}
    </ul>
  );
}

function outcomeOf(isOk: boolean | null): string {
  if (isOk === null) return 'not tried';
  return isOk ? 'works' : 'fails';
}
