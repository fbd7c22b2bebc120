import { lazy, Suspense, useState, type ReactElement } from 'react';
import { goTo } from '../app/route.js';
import { useSettled } from '../lib/use-settled.js';
import { stageRefusal } from '../session/rights.js';
import { currentUser } from '../session/session.js';
import { useRights } from '../session/use-rights.js';
import { TextField } from '../ui/fields.js';
import { ErrorNotice } from '../ui/notice.js';
import { WhyNot } from '../ui/why-not.js';
import { DropZone } from '../uploads/drop-zone.js';
import { UploadButtons } from '../uploads/upload-buttons.js';
import { Breadcrumbs } from './breadcrumbs.js';
import { NONE_CHOSEN } from './chosen-files.js';
import { useFileList } from './list/file-list.js';
import { FileTable } from './list/file-table.js';
import { FolderTotals } from './folder-totals.js';
import { SelectionBar } from './selection-bar.js';

const FileDialog = lazy(async () => ({ default: (await import('../preview/file-dialog.js')).FileDialog }));

interface FilesPageProps {
  readonly stage: string;
  readonly folder: string;
  readonly file?: string | undefined;
}

export function FilesPage({ stage, folder, file }: FilesPageProps): ReactElement {
  const rights = useRights();
  if (!rights.isKnown) return <p role="status">Loading…</p>;
  const [noReading, noWriting] = (['read', 'write'] as const).map((action) =>
    stageRefusal(rights, action, stage, currentUser()),
  );
  return (
    <DropZone stage={stage} folder={folder} refusal={noWriting}>
      <Breadcrumbs stage={stage} folder={folder} />
      <div className="page-head">
        <h1>{folder === '' ? titleOf(stage) : folder.split('/').at(-2)}</h1>
        {noWriting === undefined && <UploadButtons stage={stage} folder={folder} />}
      </div>
      {noWriting !== undefined && (
        <WhyNot text="You may not upload, rename or remove files here." reason={noWriting} />
      )}
      {noReading === undefined ? (
        <Listing stage={stage} folder={folder} isWritable={noWriting === undefined} />
      ) : (
        <WhyNot text="You may not look at the files here." reason={noReading} />
      )}
      {file !== undefined && (
        <Suspense fallback={null}>
          <FileDialog
            {...{ stage, file }}
            onClose={() => {
              goTo({ page: 'files', stage, folder });
            }}
          />
        </Suspense>
      )}
    </DropZone>
  );
}

function titleOf(stage: string): string {
  return stage === '~' ? 'Your own stage' : stage;
}

interface ListingProps extends Omit<FilesPageProps, 'file'> {
  readonly isWritable: boolean;
}

/** The files that the filters leave, and what can be done with them. */
function Listing({ stage, folder, isWritable }: ListingProps): ReactElement {
  const [beginning, setBeginning] = useState('');
  const [pattern, setPattern] = useState('');
  const [chosen, setChosen] = useState(NONE_CHOSEN);
  const prefix = `${folder}${useSettled(beginning)}`;
  const list = useFileList({ stage, prefix, pattern: useSettled(pattern) });
  const isFiltered = beginning !== '' || pattern !== '';
  return (
    <>
      <div className="toolbar">
        <TextField label="Names that begin with" type="search" value={beginning} onChange={setBeginning} />
        <TextField
          label="Pattern, in all folders below"
          type="search"
          value={pattern}
          onChange={setPattern}
          placeholder=".*[.]csv"
        />
      </div>
      <SelectionBar {...{ stage, folder, chosen, isWritable }} onChoose={setChosen} />
      <ErrorNotice error={list.error} />
      <FileTable {...{ stage, folder, list, chosen, isFiltered }} onChoose={setChosen} />
      <FolderTotals key={prefix} stage={stage} prefix={prefix} />
    </>
  );
}
