import { useState, type ReactElement } from 'react';
import { routeHref } from '../app/route.js';
import { RowButton } from '../ui/row-button.js';
import { Table } from '../ui/table.js';
import { Time } from '../ui/time.js';
import { CheckStage } from './check-stage.js';
import { DropStage } from './drop-stage.js';
import { StageGrants } from './stage-grants.js';
import type { Stage } from './stage-queries.js';

interface StageTableProps {
  readonly stages: readonly Stage[];
  /** Is the reader's own stage shown, too? */
  readonly hasOwn: boolean;
}

interface Opened {
  readonly dialog: 'check' | 'grants' | 'drop';
  readonly stage: Stage;
}

const COLUMNS = ['Name', 'Kind', 'Where its files are', 'Owner', 'Created'];

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
          <StageRow key={stage.name} stage={stage} onOpen={setOpened} />
        ))}
      </Table>
      {opened?.dialog === 'check' && <CheckStage stage={opened.stage.name} onClose={close} />}
      {opened?.dialog === 'grants' && <StageGrants stage={opened.stage.name} onClose={close} />}
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
      <td />
      <td />
      <td />
    </tr>
  );
}

interface StageRowProps {
  readonly stage: Stage;
  readonly onOpen: (opened: Opened) => void;
}

function StageRow({ stage, onOpen }: StageRowProps): ReactElement {
  const { name, stage_type: kind, url, owner, created_on: createdOn, comment } = stage;
  const open = (dialog: Opened['dialog'], text: string): ReactElement => (
    <RowButton
      text={text}
      label={`${text} ${name}`}
      onClick={() => {
        onOpen({ dialog, stage });
      }}
    />
  );
  return (
    <tr>
      <th scope="row">
        <a href={routeHref({ page: 'files', stage: name, folder: '' })}>{name}</a>
        {comment !== '' && <small className="comment">{comment}</small>}
      </th>
      <td>{kind}</td>
      <td className="wrap">{url ?? 'in this service'}</td>
      <td>{owner}</td>
      <td>{createdOn !== null && <Time iso={createdOn} />}</td>
      <td className="row-actions">
        {open('check', 'Check')}
        {open('grants', 'Access')}
        {open('drop', 'Drop')}
      </td>
    </tr>
  );
}
