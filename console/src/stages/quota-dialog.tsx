import { useMutation } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { queryClient } from '../app/query-client.js';
import { parseSize, plainSize } from '../lib/parse-size.js';
import { isLimited, QUOTAS, setQuota, useQuota, type Quota, type QuotaOwner } from '../lib/quotas.js';
import { CheckField, TextField } from '../ui/fields.js';
import { Form } from '../ui/form.js';
import { Modal } from '../ui/modal.js';
import { ErrorNotice } from '../ui/notice.js';
import { QuotaBars } from '../ui/quota-bars.js';

interface QuotaDialogProps {
  readonly owner: QuotaOwner;
  readonly onClose: () => void;
}

/** Shows and sets how much a stage, or a user's own one, may hold. */
export function QuotaDialog({ owner, onClose }: QuotaDialogProps): ReactElement {
  const quota = useQuota(owner);
  return (
    <Modal title={`Quota of ${owner.name}`} onClose={onClose}>
      {quota.isPending && <p role="status">Loading…</p>}
      <ErrorNotice error={quota.error} />
      {quota.isSuccess && (
        <>
          {isLimited(quota.data) ? <QuotaBars quota={quota.data} /> : <p>There is no limit yet.</p>}
          <QuotaForm owner={owner} quota={quota.data} onClose={onClose} />
        </>
      )}
    </Modal>
  );
}

interface QuotaFormProps extends QuotaDialogProps {
  readonly quota: Quota;
}

function QuotaForm({ owner, quota, onClose }: QuotaFormProps): ReactElement {
  const [size, setSize] = useState(quota.max_bytes === null ? '' : plainSize(quota.max_bytes));
  const [files, setFiles] = useState(quota.max_files === null ? '' : String(quota.max_files));
  const [force, setForce] = useState(false);
  const setting = useMutation({
    mutationFn: async () => {
      const limits = { max_bytes: parseSize(size), max_files: files === '' ? null : Number(files) };
      await setQuota(owner, { ...limits, force });
    },
    onSuccess: onClose,
    onSettled: async () => queryClient.invalidateQueries({ queryKey: [QUOTAS] }),
  });
  return (
    <Form submit="Set the quota" isBusy={setting.isPending} onSubmit={setting.mutate}>
      <TextField
        label="Most bytes"
        value={size}
        hint="As in 10 GB, or 500 MB. Empty for no limit."
        onChange={setSize}
      />
      <TextField
        label="Most files"
        type="number"
        value={files}
        hint="Empty for no limit."
        onChange={setFiles}
      />
      <CheckField
        label="Even if more is used already: nothing can be added then"
        checked={force}
        onChange={setForce}
      />
      <ErrorNotice error={setting.error} />
    </Form>
  );
}
