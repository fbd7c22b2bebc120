import type { ReactElement } from 'react';
import { useStore } from '../lib/store.js';
import { Modal } from '../ui/modal.js';
import { pendingChoice, type PendingChoice } from './pending-choice.js';
import type { Overwrite } from './upload-item.js';
import { uploadQueue } from './upload-queue.js';

/** Asked before anything is sent. */
export function OverwriteQuestion(): ReactElement | null {
  const pending = useStore(pendingChoice);
  return pending === undefined ? null : <Question pending={pending} />;
}

function Question({ pending }: { readonly pending: PendingChoice }): ReactElement {
  const { stage, files, taken } = pending;
  const close = (): void => {
    pendingChoice.set(undefined);
  };
  const choose = (overwrite: Overwrite): void => {
    uploadQueue.add(stage, files, overwrite);
    close();
  };
  return (
    <Modal
      title={taken === undefined ? 'Some of these names may be taken' : titleOf(taken.length)}
      onClose={close}
    >
      <TakenNames taken={taken} />
      <p>Nothing has been sent yet. What becomes of files that have such a name?</p>
      <p className="actions">
        <button
          type="button"
          className="danger"
          onClick={() => {
            choose('overwrite');
          }}
        >
          Replace them
        </button>
        <button
          type="button"
          onClick={() => {
            choose('skip');
          }}
        >
          Keep them, and send the others
        </button>
        <button type="button" className="quiet" onClick={close}>
          Send nothing
        </button>
      </p>
    </Modal>
  );
}

function TakenNames({ taken }: Pick<PendingChoice, 'taken'>): ReactElement {
  if (taken === undefined) return <p>You may write to this stage, but not look at what is in it.</p>;
  return (
    <ul className="names" tabIndex={0} aria-label="Names that are taken">
      {taken.map((name) => (
        <li key={name}>{name}</li>
      ))}
    </ul>
  );
}

function titleOf(count: number): string {
  return count === 1 ? 'This name is taken' : `${String(count)} names are taken`;
}
