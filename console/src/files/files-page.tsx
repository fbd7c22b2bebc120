import { lazy, Suspense, useState, type ReactElement } from 'react';
import { goTo } from '../app/route.js';
import { TextField } from '../ui/fields.js';
import { ErrorNotice } from '../ui/notice.js';
import { DropZone } from '../uploads/drop-zone.js';
import { UploadButtons } from '../uploads/upload-buttons.js';
import { Breadcrumbs } from './breadcrumbs.js';
import { useFileList } from './file-list.js';
import { FileTable } from './file-table.js';
import { SelectionBar } from './selection-bar.js';
import { useSettled } from './use-settled.js';

const FileDialog = lazy(async () => ({ default: (await import('../preview/file-dialog.js')).FileDialog }));

interface FilesPageProps {
  readonly stage: string;
  readonly folder: string;
  readonly file?: string | undefined;
}

export function FilesPage({ stage, folder, file }: FilesPageProps): ReactElement {
  const [beginning, setBeginning] = useState('');
  const [pattern, setPattern] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const prefix = `${folder}${useSettled(beginning)}`;
  const list = useFileList({ stage, prefix, pattern: useSettled(pattern) });
  const isFiltered = beginning !== '' || pattern !== '';
  return (
    <DropZone stage={stage} folder={folder}>
      <Breadcrumbs stage={stage} folder={folder} />
      <div className="page-head">
        <h1>{folder === '' ? stage : folder.split('/').at(-2)}</h1>
        <UploadButtons stage={stage} folder={folder} />
      </div>
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
      <SelectionBar stage={stage} chosen={chosen} onChoose={setChosen} />
      <ErrorNotice error={list.error} />
      <FileTable {...{ stage, folder, list, chosen, isFiltered }} onChoose={setChosen} />
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
