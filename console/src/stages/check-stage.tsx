import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, bodyOf } from '../lib/api.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice, Notice } from '../ui/notice.js';
import { CheckReport } from './check-report.js';

interface StageDialogProps {
  readonly stage: string;
  readonly onClose: () => void;
}

export function CheckStage({ stage, onClose }: StageDialogProps): ReactElement {
  const check = useQuery({
    queryKey: ['check', stage],
    gcTime: 0,
    queryFn: async ({ signal }) =>
      bodyOf(api.POST('/v1/stages/{name}/check', { params: { path: { name: stage } }, signal })),
  });
  return (
    <Modal title={`Check of ${stage}`} onClose={onClose}>
      {check.isPending && <p role="status">Writing a small file into the store, reading and removing it…</p>}
      <ErrorNotice error={check.error} />
      {check.isSuccess && (
        <>
          <Notice>{check.data.ok ? 'The store works.' : 'The store does not work yet.'}</Notice>
          <CheckReport checks={check.data.checks} />
        </>
      )}
    </Modal>
  );
}
