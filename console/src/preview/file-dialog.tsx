import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { download } from '../files/presign.js';
import { formatBytes } from '../lib/format-size.js';
import { Fact } from '../ui/fact.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { Time } from '../ui/time.js';
import { fileFacts, type FileFacts } from './file-facts.js';
import { Preview } from './previews.js';

interface FileDialogProps {
  readonly stage: string;
  readonly file: string;
  readonly onClose: () => void;
}

/** Shows a file: the facts about it, and a preview. */
export function FileDialog({ stage, file, onClose }: FileDialogProps): ReactElement {
  const facts = useQuery({
    queryKey: ['facts', stage, file],
    queryFn: async () => fileFacts({ stage, file }),
    gcTime: 0,
  });
  const downloading = useMutation({ mutationFn: async () => download(stage, file) });
  return (
    <Modal title={file} isWide onClose={onClose}>
      <p className="actions">
        <button
          type="button"
          className="primary"
          onClick={() => {
            downloading.mutate();
          }}
        >
          Download
        </button>
      </p>
      <ErrorNotice error={downloading.error ?? facts.error} />
      {facts.isPending && <p role="status">Loading…</p>}
      {facts.isSuccess && (
        <>
          <Facts facts={facts.data} />
          <h3>Preview</h3>
          <Preview facts={facts.data} />
        </>
      )}
    </Modal>
  );
}

function Facts({ facts }: { readonly facts: FileFacts }): ReactElement {
  const { size, contentType, etag, row } = facts;
  return (
    <dl className="facts">
      <Fact name="Size">{formatBytes(size)}</Fact>
      <Fact name="Modified">
        <Time iso={row?.last_modified} />
      </Fact>
      <Fact name="md5">{row?.md5 ?? 'not known'}</Fact>
      <Fact name="By">{row?.creator ?? 'not known'}</Fact>
      <Fact name="Type">{contentType}</Fact>
      <Fact name="ETag">{etag}</Fact>
    </dl>
  );
}
