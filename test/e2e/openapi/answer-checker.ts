import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { ApiDocument as DocumentProvider } from '../../../src/openapi/api-document.js';
import { resolved, type ApiDocument, type ResponseObject } from './document.js';

/** An answer of a server. */
export interface RealAnswer {
  readonly method: string;
  /** As in `/v1/stages/{name}`. */
  readonly path: string;
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
}

/** Compares answers with a document. */
export class AnswerChecker {
  readonly #document: ApiDocument;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false });
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #headers: ReadonlySet<string>;

  constructor(document: ApiDocument) {
    this.#document = document;
    this.#ajv.addSchema(document, 'document');
    const responses = Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).flatMap((operation) => Object.values(operation.responses)),
    );
    this.#headers = new Set(responses.flatMap((each) => Object.keys(resolved(document, each).headers ?? {})));
  }

  /** What of an answer the document does not say; empty where it says all. */
  problemsOf(answer: RealAnswer): string[] {
    const name = `${answer.method} ${answer.path} ${String(answer.status)}`;
    const operations = this.#document.paths[answer.path] ?? {};
    const isHead = answer.method === 'HEAD' && operations['head'] === undefined;
    const method = isHead ? 'get' : answer.method.toLowerCase();
    const operation = operations[method];
    if (operation === undefined) return answer.status === 405 ? [] : [`${name}: no such operation`];
    const described = operation.responses[String(answer.status)];
    if (described === undefined) return [`${name}: no such status, ${answer.body.slice(0, 300)}`];
    const response = resolved(this.#document, described);
    const pointer =
      described.$ref?.slice(1) ??
      `/paths/${answer.path.replaceAll('/', '~1')}/${method}/responses/${String(answer.status)}`;
    return [...this.#headerProblems(response, answer), ...this.#bodyProblems(response, pointer, answer)].map(
      (problem) => `${name}: ${problem}`,
    );
  }

  /** Why a value does not fit a schema of the document; empty where it does. */
  misfitsOf(schema: string, value: object): string[] {
    const validate = this.#ajv.compile({ $ref: `document#/components/schemas/${schema}` });
    return validate(value) ? [] : [`${schema}: ${this.#ajv.errorsText(validate.errors)}`];
  }

  #headerProblems({ headers = {} }: ResponseObject, answer: RealAnswer): string[] {
    const sent = Object.keys(answer.headers).filter((header) => this.#headers.has(header));
    return sent
      .filter((header) => header !== 'content-length' && !Object.hasOwn(headers, header))
      .map((header) => `no such header: ${header}`);
  }

  #bodyProblems({ content = {} }: ResponseObject, pointer: string, answer: RealAnswer): string[] {
    if (answer.method === 'HEAD' || (answer.body === '' && Object.keys(content).length === 0)) return [];
    const [sent = ''] = (answer.headers['content-type']?.toString() ?? '').split(';');
    const type = [sent, '*/*'].find((each) => Object.hasOwn(content, each));
    if (type === undefined) return [`no such type: ${sent} ${answer.body.slice(0, 100)}`];
    if (type !== 'application/json') return [];
    const schema = `document#${pointer}/content/application~1json/schema`
      .replaceAll('{', '%7B')
      .replaceAll('}', '%7D');
    const validate = this.#validators.get(schema) ?? this.#ajv.compile({ $ref: schema });
    this.#validators.set(schema, validate);
    if (validate(JSON.parse(answer.body))) return [];
    return [`${this.#ajv.errorsText(validate.errors)}: ${answer.body.slice(0, 300)}`];
  }
}

let checker: Promise<AnswerChecker> | undefined;

/** Compares every answer of an application's routes with its document. @returns what the document does not say, so far. */
export async function watchAnswers(app: NestExpressApplication): Promise<readonly string[]> {
  // The same for all applications of a process.
  checker ??= app
    .get(DocumentProvider)
    .json()
    .then((json) => new AnswerChecker(JSON.parse(json) as ApiDocument));
  const shared = await checker;
  const problems: string[] = [];
  onAnswers(app.getHttpServer(), (answer) => problems.push(...shared.problemsOf(answer)));
  return problems;
}

/** Hands every answer that a route of the server has given to a listener, when it has ended. */
function onAnswers(server: Server, listener: (answer: RealAnswer) => void): void {
  server.prependListener('request', (request: RoutedRequest, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    const write = response.write.bind(response);
    const end = response.end.bind(response);
    response.write = function (...args: unknown[]) {
      keep(response, chunks, args[0]);
      return Reflect.apply(write, response, args) as boolean; // as the original
    };
    response.end = function (...args: unknown[]) {
      keep(response, chunks, args[0]);
      return Reflect.apply(end, response, args) as ServerResponse; // as the original
    };
    response.once('finish', () => {
      const path = pathOf(request);
      if (path === undefined) return;
      const body = Buffer.concat(chunks).toString();
      const { statusCode: status } = response;
      listener({ method: request.method ?? '', path, status, headers: response.getHeaders(), body });
    });
  });
}

/** Express adds the route to a request that it has found one for. */
interface RoutedRequest extends IncomingMessage {
  readonly route?: { readonly path: string };
  readonly params?: Readonly<Record<string, unknown>>;
}

function pathOf({ route, params = {} }: RoutedRequest): string | undefined {
  const [optional, inner = ''] = /\{([^}]*)\}/.exec(route?.path ?? '') ?? [];
  const isThere = inner
    .split('/')
    .every((segment) => !segment.startsWith(':') || params[segment.slice(1)] !== undefined);
  return route?.path.replace(optional ?? '', isThere ? inner : '').replace(/[:*](\w+)/g, '{$1}');
}

/** Files are not kept. */
function keep(response: ServerResponse, chunks: Buffer[], chunk: unknown): void {
  if (!String(response.getHeader('content-type')).startsWith('application/json')) return;
  if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string));
}
