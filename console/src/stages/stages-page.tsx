import { useState, type ReactElement } from 'react';
import { CheckField, TextField } from '../ui/fields.js';
import { ErrorNotice } from '../ui/notice.js';
import { PageHead } from '../ui/page-head.js';
import { mayInService } from '../session/rights.js';
import { useRights } from '../session/use-rights.js';
import { WhyNot } from '../ui/why-not.js';
import { CreateStage } from './create-stage.js';
import { FirstSteps } from './first-steps.js';
import { StageTable } from './stage-table.js';
import { useStages, type Stage } from './stage-queries.js';

const NO_CREATION =
  'It needs CREATE STAGE, or SUPER, in a role that you have: the role owns the stage. An administrator can give it: ' +
  'GRANT CREATE STAGE ON *.* TO ROLE …;';

export function StagesPage(): ReactElement {
  const stages = useStages();
  const rights = useRights();
  const mayCreate = mayInService(rights, 'CREATE STAGE', 'SUPER');
  const [search, setSearch] = useState('');
  const [isExternalOnly, setIsExternalOnly] = useState(false);
  const [isCreating, setIsCreating] = useState(false);
  const found = (stages.data ?? []).filter((stage) => isFound(stage, search, isExternalOnly));
  return (
    <>
      <PageHead
        title="Stages"
        button="Create a stage"
        isPrimary
        isOffered={mayCreate}
        onClick={() => {
          setIsCreating(true);
        }}
      />
      {rights.isKnown && !mayCreate && (
        <WhyNot text="You may use stages, and not create them." reason={NO_CREATION} />
      )}
      <div className="toolbar">
        <TextField label="Search" type="search" value={search} onChange={setSearch} />
        <CheckField label="Only external stages" checked={isExternalOnly} onChange={setIsExternalOnly} />
      </div>
      <ErrorNotice error={stages.error} />
      {stages.isPending && <p role="status">Loading the stages…</p>}
      <StageTable stages={found} hasOwn={search === '' && !isExternalOnly} />
      {stages.isSuccess && found.length === 0 && search !== '' && (
        <p role="status">No stage has “{search}” in its name, address or comment.</p>
      )}
      {stages.isSuccess && stages.data.length === 0 && <FirstSteps />}
      {isCreating && (
        <CreateStage
          onClose={() => {
            setIsCreating(false);
          }}
        />
      )}
    </>
  );
}

function isFound(stage: Stage, search: string, isExternalOnly: boolean): boolean {
  if (isExternalOnly && stage.stage_type !== 'External') return false;
  const text = `${stage.name}\n${stage.url ?? ''}\n${stage.comment}`.toLowerCase();
  return text.includes(search.trim().toLowerCase());
}
