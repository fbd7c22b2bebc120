import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { TestApp } from '../support/test-app.js';

/** Takes the table of the audit away, or puts it back: each write of an event fails meanwhile. */
export async function renameAudit(testApp: TestApp, from: string, to: string): Promise<void> {
  await testApp.app.get<DataSource>(getDataSourceToken()).query(`ALTER TABLE ${from} RENAME TO ${to}`);
}
