import { basic, Client } from '../support/client.js';
import { filePart, form } from '../support/form.js';
import type { TestApp } from '../support/test-app.js';

const PASSWORD = 'correct horse battery staple';

/** What the examples of the document speak of: a stage, a file, a user, a role. */
export class ExampleFixture {
  readonly #testApp: TestApp;
  readonly root: Client;

  constructor(testApp: TestApp) {
    this.#testApp = testApp;
    this.root = new Client(testApp);
  }

  /** Makes all of it that is not there. */
  async prepare(): Promise<void> {
    await this.root.postJson('/v1/roles', { name: 'lab', if_not_exists: true });
    await this.root.postJson('/v1/users', { name: 'ann', auth_string: PASSWORD, roles: ['lab'] });
    await this.root.createStage({ name: 'landing', if_not_exists: true });
    const connection = { name: 'minio', storage_type: 's3', if_not_exists: true };
    await this.root.postJson('/v1/connections', {
      ...connection,
      options: { access_key_id: 'a', secret_access_key: 'b' },
    });
    await this.root.send('/v1/stages/landing/files/rows.csv', { method: 'PUT', body: 'id,title\n1,x\n' });
  }

  /** A request of ann's, who is nobody's administrator. */
  get ann(): Client {
    return new Client(this.#testApp, basic('ann', PASSWORD));
  }

  /** The id of an upload that was made now. */
  async uploadId(): Promise<string> {
    const { body } = await this.root.upload(form(filePart('rows.csv')), { stage_name: 'landing' });
    return (JSON.parse(body.toString()) as { id: string }).id;
  }

  /** The id of a token that was made now. */
  async tokenId(client: Client): Promise<string> {
    const answer = await client.postJson('/v1/tokens', { name: crypto.randomUUID() });
    return ((await answer.json()) as { id: string }).id;
  }

  /** What follows `/v1/presigned/` in a URL that was made now. */
  async presigned(method: 'GET' | 'PUT'): Promise<string> {
    const answer = await this.root.postJson('/v1/stages/landing/presign', { method, path: 'rows.csv' });
    const { url } = (await answer.json()) as { url: string };
    return url.replace(/^.*\/v1\/presigned\//, '');
  }

  /** The id of a statement that was run now, and the cursor of its second page. */
  async query(): Promise<{ readonly id: string; readonly cursor: string }> {
    const body = { sql: 'SHOW USERS', pagination: { max_rows_per_page: 1 } };
    const answer = await this.root.postJson('/v1/query', body);
    const { id, next_uri: next } = (await answer.json()) as { id: string; next_uri: string };
    return { id, cursor: next.split('/').at(-1) ?? '' };
  }

  async refreshToken(): Promise<string> {
    const answer = await this.root.postJson('/v1/session/login', {});
    return ((await answer.json()) as { tokens: { refresh_token: string } }).tokens.refresh_token;
  }
}
