export type JsonObject = Readonly<Record<string, unknown>>;

export interface OperationObject {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly ParameterObject[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Readonly<Record<string, MediaType>>;
  };
  readonly responses: Readonly<Record<string, ResponseObject>>;
  readonly security?: readonly JsonObject[];
}

export interface ParameterObject {
  readonly $ref?: string;
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description: string;
  readonly example?: string | number;
}

interface MediaType {
  readonly schema?: JsonObject;
}

export interface ResponseObject {
  readonly $ref?: string;
  readonly description: string;
  readonly headers?: JsonObject;
  readonly content?: Readonly<Record<string, MediaType>>;
}

export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
}

/** An operation with its place in the document. */
export interface DocumentedOperation {
  readonly method: string;
  /** As in `/v1/stages/{name}`. */
  readonly path: string;
  readonly operation: OperationObject;
}

/** The document as the server gives it to anybody. */
export async function servedDocument({ url }: { readonly url: string }): Promise<ApiDocument> {
  const answer = await fetch(`${url}/openapi.json`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as ApiDocument;
}

export function operationsOf({ paths }: ApiDocument): DocumentedOperation[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
}

/** What is at the place that a reference names; the object itself where it is none. */
export function resolved<Referring extends { readonly $ref?: string }>(
  document: ApiDocument,
  object: Referring,
): Referring {
  if (object.$ref === undefined) return object;
  const [, group = '', name = ''] = /^#\/components\/(\w+)\/(\w+)$/.exec(object.$ref) ?? [];
  return document.components[group]?.[name] as unknown as Referring; // the document is valid
}
