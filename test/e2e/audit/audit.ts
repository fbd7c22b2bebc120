import { AuditTrail } from '../../../src/audit/trail/audit-trail.js';
import type { AuditEventView } from '../../../src/audit/list/audit-view.js';
import { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql } from '../../../src/database/sql.js';
import { Client } from '../support/client.js';
import type { TestApp } from '../support/test-app.js';

/** The audit of a test application, read by root. */
export class Audit {
  readonly #client: Client;

  constructor(private readonly testApp: TestApp) {
    this.#client = new Client(testApp);
  }

  /** All events that match, the first one first, without those of this reading. */
  async events(query = ''): Promise<AuditEventView[]> {
    await this.flush();
    const events: AuditEventView[] = [];
    let cursor = '';
    do {
      const answer = await this.#client.send(`/v1/audit?limit=1000${query}${cursor}`);
      expect(answer.status).toBe(200);
      const page = (await answer.json()) as { events: AuditEventView[]; next_cursor: string | null };
      events.push(...page.events);
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    return events.reverse().filter(({ action }) => action !== 'audit.read');
  }

  /** Writes what waits in memory: requests that have ended a moment ago are in it. */
  async flush(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await this.testApp.app.get(AuditTrail, { strict: false }).flush();
  }

  /** Every value of every row, as text. */
  async text(): Promise<string> {
    await this.flush();
    return JSON.stringify(await this.testApp.app.get(SqlDatabase).read(ALL));
  }
}

const ALL = sql('SELECT * FROM audit_events');
