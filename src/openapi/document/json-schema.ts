/** A JSON schema of draft 2020-12, or another object of OpenAPI 3.1. */
export type JsonSchema = Readonly<Record<string, unknown>>;
