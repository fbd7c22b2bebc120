import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf } from '../lib/api.js';
import { formatSize } from '../lib/format-size.js';
import { chooseTarget, counted } from '../lib/save-stream.js';
import { formatTotals } from '../lib/totals.js';
import { useUnmountSignal } from '../lib/use-unmount-signal.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { chosenTotals, type ChosenFiles } from './chosen-files.js';
import { zipQuery } from './zip-query.js';

interface ZipFilesProps {
  readonly stage: string;
  readonly folder: string;
  /** All of the folder where none are. */
  readonly chosen: ChosenFiles;
  readonly onClose: () => void;
}

/** Downloads many files as one archive, which is made while it is sent. */
export function ZipFiles({ stage, folder, chosen, onClose }: ZipFilesProps): ReactElement {
  const [bytes, setBytes] = useState(0);
  const signal = useUnmountSignal();
  const totals = useQuery({
    queryKey: ['zip', stage, folder, [...chosen.keys()]],
    queryFn: async () => chosenTotals(stage, folder, chosen),
    gcTime: 0,
  });
  const saving = useMutation({
    mutationFn: async () => saveZip({ stage, folder, chosen }, setBytes, signal),
  });
  const expected = totals.data?.bytes;
  return (
    <Modal title="Download as one ZIP" onClose={onClose}>
      <p role="status">{totals.isSuccess ? `${formatTotals(totals.data)}.` : 'Counting the files…'}</p>
      <p>It is made while it is sent: it cannot be resumed. Closing this dialog cancels it.</p>
      <Form submit="Download" isBusy={saving.isPending} onSubmit={saving.mutate}>
        <ErrorNotice error={saving.error ?? totals.error} />
      </Form>
      {saving.isPending && expected !== undefined && (
        <progress aria-label="Progress of the archive" value={bytes} max={Math.max(expected, bytes, 1)} />
      )}
      {bytes > 0 && (
        <p role="status">{saving.data === true ? `Stored: ${formatSize(bytes)}.` : formatSize(bytes)}</p>
      )}
    </Modal>
  );
}

/** Says that an archive ended too early. */
class BrokenArchiveError extends Error {
  constructor(cause: unknown) {
    super('The archive was broken off: a file could not be read, or the connection is gone. Try again.', {
      cause,
    });
  }
}

/** @returns false where the reader has chosen no place for it. */
async function saveZip(
  { stage, folder, chosen }: Omit<ZipFilesProps, 'onClose'>,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const query = zipQuery(folder, [...chosen.keys()]);
  const target = await chooseTarget(zipName(stage, folder));
  if (target === undefined) return false;
  const params = { path: { name: stage }, query };
  const content = await bodyOf(
    api.GET('/v1/stages/{name}/zip', { params, parseAs: 'stream', signal }) as Promise<{
      data?: ReadableStream<Uint8Array<ArrayBuffer>>; // what fetch gives
    }>,
  );
  try {
    await target.save(counted(content, onBytes), signal);
    return true;
  } catch (error) {
    if (error instanceof TypeError) throw new BrokenArchiveError(error);
    throw error;
  }
}

/** As the server names it. */
function zipName(stage: string, folder: string): string {
  const parts = [stage === '~' ? 'files' : stage, ...folder.split('/')];
  return `${parts.filter((part) => part !== '').join('-')}.zip`;
}
