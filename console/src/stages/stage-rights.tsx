import type { ReactElement } from 'react';
import { stageRefusal, type StageAction } from '../session/rights.js';
import { currentUser } from '../session/session.js';
import { useRights } from '../session/use-rights.js';
import { Modal } from '../ui/modal.js';

interface StageRightsProps {
  readonly stage: string;
  readonly onClose: () => void;
}

const ACTIONS: readonly { readonly action: StageAction; readonly text: string }[] = [
  { action: 'read', text: 'List and download files' },
  { action: 'write', text: 'Upload and remove files, check the store' },
  { action: 'change', text: 'Change and drop the stage' },
  { action: 'grant', text: 'Say who may use it' },
];

/** Says what the reader may do with a stage, and of the rest why not. */
export function StageRights({ stage, onClose }: StageRightsProps): ReactElement {
  const rights = useRights();
  return (
    <Modal title={`What you may do with ${stage}`} onClose={onClose}>
      <ul className="checks" tabIndex={0} aria-label="What you may do">
        {ACTIONS.map(({ action, text }) => {
          const refusal = stageRefusal(rights, action, stage, currentUser());
          return (
            <li key={action}>
              <strong>{text}</strong>: {refusal === undefined ? 'yes' : 'no'}
              {refusal !== undefined && <span className="advice">{refusal}</span>}
            </li>
          );
        })}
      </ul>
    </Modal>
  );
}
