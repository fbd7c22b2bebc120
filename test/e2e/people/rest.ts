import { basic, Client } from '../support/client.js';
import type { TestApp } from '../support/test-app.js';

export interface RestAnswer {
  readonly status: number;
  /** Undefined for an answer without a body. */
  readonly body: unknown;
  readonly headers: Headers;
}

/** The code, kind and status of a refusal. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly kind: string;
}

/** Speaks JSON to the routes of people, as one user. */
export class Rest {
  readonly client: Client;

  constructor(testApp: TestApp, authorization?: string) {
    this.client = new Client(testApp, authorization);
  }

  /** @param line a method and a path, such as `GET /v1/users`. */
  async send(line: string, body?: unknown): Promise<RestAnswer> {
    const [method = '', path = ''] = line.split(' ');
    const content =
      body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const { status, headers, ...answer } = await read(await this.client.send(path, { method, ...content }));
    return { status, headers, body: answer.text === '' ? undefined : JSON.parse(answer.text) };
  }

  /** The body of an answer with this status. */
  async get<Body = unknown>(line: string, body?: unknown, status = 200): Promise<Body> {
    const answer = await this.send(line, body);
    expect({ line, ...answer, headers: undefined }).toMatchObject({ line, status });
    return answer.body as Body; // the test compares it
  }

  async done(line: string, body?: unknown): Promise<void> {
    expect(await this.get(line, body, 204)).toBeUndefined();
  }

  async refusal(line: string, body?: unknown): Promise<Refusal & { readonly message: string }> {
    const answer = await this.send(line, body);
    const { error } = answer.body as { error: { code: number; kind: string; message: string } };
    return { status: answer.status, ...error };
  }
}

async function read(answer: Response): Promise<{ status: number; headers: Headers; text: string }> {
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** What a client is answered for a user that does not exist, or that it may not see. */
export const NO_USER: Refusal = { status: 404, code: 2201, kind: 'UnknownUser' };
export const NO_ROLE: Refusal = { status: 404, code: 2204, kind: 'UnknownRole' };
export const NO_STAGE: Refusal = { status: 404, code: 2501, kind: 'UnknownStage' };
export const DENIED: Refusal = { status: 403, code: 1063, kind: 'PermissionDenied' };
export const MALFORMED: Refusal = { status: 400, code: 1006, kind: 'InvalidRequest' };

export const PASSWORD = 'long enough';

/** Creates a user as root, and speaks as that user. */
export async function newPerson(testApp: TestApp, name: string, fields: object = {}): Promise<Rest> {
  await new Rest(testApp).get('POST /v1/users', { name, auth_string: PASSWORD, ...fields });
  return new Rest(testApp, basic(name, PASSWORD));
}
