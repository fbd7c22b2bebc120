import type { ReactElement } from 'react';
import { useStages } from '../stages/stage-queries.js';

interface StageCompletionProps {
  readonly sql: string;
  readonly onComplete: (sql: string) => void;
}

const MOST = 8;

/** Stages whose names begin as the last word of the statement does. */
export function StageCompletion({ sql, onComplete }: StageCompletionProps): ReactElement | null {
  const stages = useStages();
  const [, before, typed] = /^([\s\S]*@)([\w-]*)$/.exec(sql) ?? [];
  if (before === undefined || typed === undefined) return null;
  const names = ['~', ...(stages.data ?? []).map(({ name }) => name)];
  const found = names.filter((name) => name.startsWith(typed) && name !== typed).slice(0, MOST);
  if (found.length === 0) return null;
  return (
    <p className="actions" role="group" aria-label="Stages to complete the statement with">
      {found.map((name) => (
        <button
          key={name}
          type="button"
          className="mono"
          onClick={() => {
            onComplete(`${before}${name}`);
          }}
        >
          @{name}
        </button>
      ))}
    </p>
  );
}
