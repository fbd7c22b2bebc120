import { useState, type ReactElement } from 'react';
import { routeHref } from '../app/route.js';
import { mayWithStage, type StageAction } from '../session/rights.js';
import { useRights } from '../session/use-rights.js';
import { RowButton } from '../ui/row-button.js';
import { Table } from '../ui/table.js';
import { Time } from '../ui/time.js';
import { AlterStage } from './alter-stage.js';
import { CheckStage } from './check-stage.js';
import { DropStage } from './drop-stage.js';
import { QuotaDialog } from './quota-dialog.js';
import { StageGrants } from './stage-grants.js';
import { StageRights } from './stage-rights.js';
import { StageTotals } from './stage-totals.js';
import type { Stage } from './stage-queries.js';

interface StageTableProps {
  readonly stages: readonly Stage[];
  /** Is the reader's own stage shown, too? */
  readonly hasOwn: boolean;
}

type DialogName = 'check' | 'alter' | 'grants' | 'quota' | 'drop' | 'rights';

interface Opened {
  readonly dialog: DialogName;
  readonly stage: Stage;
}

/** What a row offers, and what one must be allowed to do for that. */
const OFFERED: readonly {
  readonly dialog: DialogName;
  readonly text: string;
  readonly needs: StageAction;
}[] = [
  { dialog: 'check', text: 'Check', needs: 'write' },
  { dialog: 'alter', text: 'Change', needs: 'change' },
  { dialog: 'grants', text: 'Access', needs: 'grant' },
  { dialog: 'drop', text: 'Drop', needs: 'change' },
];

const COLUMNS = ['Name', 'Kind', 'Where its files are', 'Files', 'Owner', 'Created'];
/** The files of more stages are counted when a search has left fewer: each takes a request. */
const MOST_COUNTED = 50;

export function StageTable({ stages, hasOwn }: StageTableProps): ReactElement {
  const [opened, setOpened] = useState<Opened>();
  const close = (): void => {
    setOpened(undefined);
  };
  return (
    <>
      <Table caption="Stages" columns={COLUMNS} hasActions>
        {hasOwn && <OwnStageRow />}
        {stages.map((stage) => (
          <StageRow
            key={stage.name}
            stage={stage}
            isCounted={stages.length <= MOST_COUNTED}
            onOpen={setOpened}
          />
        ))}
      </Table>
      {opened?.dialog === 'check' && <CheckStage stage={opened.stage.name} onClose={close} />}
      {opened?.dialog === 'alter' && <AlterStage stage={opened.stage} onClose={close} />}
      {opened?.dialog === 'grants' && <StageGrants stage={opened.stage.name} onClose={close} />}
      {opened?.dialog === 'quota' && (
        <QuotaDialog owner={{ kind: 'stage', name: opened.stage.name }} onClose={close} />
      )}
      {opened?.dialog === 'rights' && <StageRights stage={opened.stage.name} onClose={close} />}
      {opened?.dialog === 'drop' && <DropStage stage={opened.stage} onClose={close} />}
    </>
  );
}

function OwnStageRow(): ReactElement {
  return (
    <tr>
      <th scope="row">
        <a href={routeHref({ page: 'files', stage: '~', folder: '' })}>~</a>
      </th>
      <td>Your own</td>
      <td>in this service, for you alone</td>
      <td>
        <StageTotals stage="~" isWanted />
      </td>
      <td />
      <td />
      <td />
    </tr>
  );
}

interface StageRowProps {
  readonly stage: Stage;
  readonly isCounted: boolean;
  readonly onOpen: (opened: Opened) => void;
}

function StageRow({ stage, isCounted, onOpen }: StageRowProps): ReactElement {
  const { name, stage_type: kind, url, owner, created_on: createdOn, comment } = stage;
  return (
    <tr>
      <th scope="row">
        <a href={routeHref({ page: 'files', stage: name, folder: '' })}>{name}</a>
        {comment !== '' && <small className="comment">{comment}</small>}
      </th>
      <td>{kind}</td>
      <td className="wrap">{url ?? 'in this service'}</td>
      <td>
        <StageTotals stage={name} isWanted={isCounted} />
      </td>
      <td>{owner}</td>
      <td>{createdOn !== null && <Time iso={createdOn} />}</td>
      <td className="row-actions">
        <StageActions stage={stage} onOpen={onOpen} />
      </td>
    </tr>
  );
}

function StageActions({ stage, onOpen }: Omit<StageRowProps, 'isCounted'>): ReactElement {
  const rights = useRights();
  const offered = OFFERED.filter(({ needs }) => mayWithStage(rights, needs, stage.name));
  const open = (dialog: DialogName, text: string, label: string): ReactElement => (
    <RowButton
      key={dialog}
      text={text}
      label={label}
      onClick={() => {
        onOpen({ dialog, stage });
      }}
    />
  );
  return (
    <>
      {offered.map(({ dialog, text }) => open(dialog, text, `${text} ${stage.name}`))}
      {rights.hasAll && stage.stage_type === 'Internal' && open('quota', 'Quota', `Quota ${stage.name}`)}
      {rights.isKnown &&
        offered.length < OFFERED.length &&
        open('rights', 'Why not more?', `What I may do with ${stage.name}`)}
    </>
  );
}
