import type { ReactElement } from 'react';
import type { Schemas } from '../lib/api.js';
import { formatSize } from '../lib/format-size.js';
import { Time } from '../ui/time.js';

type AuditEvent = Schemas['AuditEvent'];

const COLUMNS = ['Time', 'User', 'Action', 'Of what', 'Size', 'Outcome', 'From'];

export function AuditTable({ events }: { readonly events: readonly AuditEvent[] }): ReactElement {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Events">
      <table>
        <caption className="visually-hidden">Events</caption>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th scope="col" key={column}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id}>
              <td>
                <Time iso={event.time} />
              </td>
              <td>{event.user ?? 'not recognised'}</td>
              <td>
                {event.action}
                {event.count > 1 && <small> {event.count.toLocaleString('en')} times</small>}
              </td>
              <td className="wrap">{objectOf(event)}</td>
              <td className="amount">{event.bytes === null ? '' : formatSize(event.bytes)}</td>
              <td>
                {event.outcome}
                {event.error !== null && <small> {event.error}</small>}
              </td>
              <td className="wrap">
                {[event.address, event.via].filter((text) => text !== null).join(', ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** As in `@data/2026/a.csv`, or the name of a user, role or token. */
function objectOf({ stage, path, object }: AuditEvent): string {
  if (stage === null) return object ?? '';
  return `@${stage}${path === null ? '' : `/${path}`}${object === null ? '' : `: ${object}`}`;
}
