import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { api, bodyOf, type Schemas } from '../lib/api.js';
import { formatSize } from '../lib/format-size.js';
import { isAdministrator, sessionState } from '../session/session.js';
import { CheckField } from '../ui/fields.js';
import { ErrorNotice } from '../ui/notice.js';
import { Time } from '../ui/time.js';

const REFRESHED_EVERY_MS = 3_000;
const SHOWN = 200;

/** Running and recent uploads, by whatever client. */
export function UploadsPage(): ReactElement {
  const { session } = sessionState.get();
  const canSeeAll = session !== undefined && isAdministrator(session);
  const [isAll, setIsAll] = useState(canSeeAll);
  const [isFailed, setIsFailed] = useState(false);
  const uploads = useQuery({
    queryKey: ['uploads', isAll, isFailed],
    refetchInterval: REFRESHED_EVERY_MS,
    queryFn: async ({ signal }) => {
      const query = {
        limit: SHOWN,
        ...(isAll ? { all: 'true' as const } : {}),
        ...(isFailed ? { state: 'FAILED' as const } : {}),
      };
      return bodyOf(api.GET('/v1/uploads', { params: { query }, signal }));
    },
  });
  return (
    <>
      <h1>Uploads</h1>
      <p>Those of the last day, the latest first. The list follows what happens.</p>
      <div className="toolbar">
        {canSeeAll && <CheckField label="Those of all users" checked={isAll} onChange={setIsAll} />}
        <CheckField label="Only those that failed" checked={isFailed} onChange={setIsFailed} />
      </div>
      <ErrorNotice error={uploads.error} />
      {uploads.isPending && <p role="status">Loading…</p>}
      {uploads.data?.uploads.length === 0 && (
        <p role="status">There were none{isFailed && ' that failed'}.</p>
      )}
      {uploads.data !== undefined && uploads.data.uploads.length > 0 && (
        <UploadTable uploads={uploads.data.uploads} />
      )}
    </>
  );
}

function UploadTable({ uploads }: { readonly uploads: readonly Schemas['UploadSummary'][] }): ReactElement {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Uploads">
      <table>
        <caption className="visually-hidden">Uploads</caption>
        <thead>
          <tr>
            <th scope="col">Started</th>
            <th scope="col">Stage</th>
            <th scope="col">User</th>
            <th scope="col">State</th>
            <th scope="col">Received</th>
            <th scope="col">Why it failed</th>
          </tr>
        </thead>
        <tbody>
          {uploads.map((upload) => (
            <tr key={upload.id}>
              <td>
                <Time iso={upload.started_at} />
              </td>
              <td>{upload.stage_name}</td>
              <td>{upload.user}</td>
              <td>{upload.state.toLowerCase()}</td>
              <td>{receivedOf(upload)}</td>
              <td className="wrap">{upload.error?.message}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function receivedOf({
  received_bytes: received,
  expected_bytes: expected,
  state,
}: Schemas['UploadSummary']): string {
  if (state !== 'RUNNING' || expected === null) return formatSize(received);
  return `${formatSize(received)} of ${formatSize(expected)}`;
}
