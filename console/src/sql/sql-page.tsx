import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import { refreshStages } from '../stages/stage-queries.js';
import { errorText } from '../lib/error-text.js';
import { useStore } from '../lib/store.js';
import { noteStatement, statementHistory } from './history.js';
import { ResultTable } from './result-table.js';
import { nextRows, runStatement, type StatementResult } from '../lib/run-statement.js';
import { StageCompletion } from './stage-completion.js';

export function SqlPage(): ReactElement {
  const [sql, setSql] = useState('LIST @~');
  const running = useMutation({
    mutationFn: async (result: StatementResult | undefined) =>
      result === undefined ? runStatement(sql) : nextRows(result),
    onSettled: async () => refreshStages(),
  });
  const run = (): void => {
    noteStatement(sql);
    running.mutate(undefined);
  };
  return (
    <>
      <h1>SQL</h1>
      <p>Statements about stages, files and people, as Databend has them.</p>
      <Editor sql={sql} onChange={setSql} onRun={run} />
      <p className="actions">
        <button type="button" className="primary" aria-disabled={running.isPending} onClick={run}>
          {running.isPending ? 'Running…' : 'Run (Ctrl+Enter)'}
        </button>
      </p>
      {running.error !== null && (
        <pre className="notice error" role="alert">
          {errorText(running.error)}
        </pre>
      )}
      {running.data !== undefined && <ResultTable result={running.data} onMore={running.mutate} />}
      <History onChoose={setSql} />
    </>
  );
}

interface EditorProps {
  readonly sql: string;
  readonly onChange: (sql: string) => void;
  readonly onRun: () => void;
}

function Editor({ sql, onChange, onRun }: EditorProps): ReactElement {
  const area = useRef<HTMLTextAreaElement>(null);
  const key = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onRun();
  };
  return (
    <>
      <p className="field">
        <label htmlFor="statement">Statement</label>
        <textarea
          id="statement"
          ref={area}
          className="mono"
          rows={6}
          spellCheck={false}
          value={sql}
          onInput={(event) => {
            onChange(event.currentTarget.value);
          }}
          onKeyDown={key}
        />
      </p>
      <StageCompletion
        sql={sql}
        onComplete={(completed) => {
          onChange(completed);
          area.current?.focus();
        }}
      />
    </>
  );
}

function History({ onChoose }: { readonly onChoose: (sql: string) => void }): ReactElement | null {
  const statements = useStore(statementHistory);
  if (statements.length === 0) return null;
  return (
    <details>
      <summary>Statements before, of this tab</summary>
      <ul className="history">
        {statements.map((statement) => (
          <li key={statement}>
            <button
              type="button"
              className="quiet mono"
              onClick={() => {
                onChoose(statement);
              }}
            >
              {statement}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
