import { STATUS_CODES } from 'node:http';
import type { JsonSchema } from './json-schema.js';

type Paths = Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
type Responses = Readonly<Record<string, JsonSchema>>;

/** Fewer uses of an answer stay where they are. */
const LEAST_USES = 3;

/** Moves the most frequent error of each status to `components/responses`, where it is named after the status. */
export function shareAnswers(paths: Paths): { readonly paths: Paths; readonly responses: Responses } {
  const shared = mostFrequent(paths);
  const referring = mapValues(paths, (operations) =>
    mapValues(operations, (operation) => ({
      ...operation,
      responses: mapEntries(responsesOf(operation), (status, response) =>
        shared.get(status) === JSON.stringify(response)
          ? { $ref: `#/components/responses/${nameOf(status)}` }
          : response,
      ),
    })),
  );
  const responses = [...shared].map(
    ([status, text]) => [nameOf(status), JSON.parse(text) as JsonSchema] as const,
  );
  return { paths: referring, responses: Object.fromEntries(responses) };
}

/** Returns the most frequent response of each status of errors, as JSON. */
function mostFrequent(paths: Paths): ReadonlyMap<string, string> {
  const uses = new Map<string, Map<string, number>>();
  for (const operation of Object.values(paths).flatMap((operations) => Object.values(operations))) {
    for (const [status, response] of Object.entries(responsesOf(operation))) {
      if (Number(status) < 400) continue;
      const counts = uses.get(status) ?? new Map<string, number>();
      const text = JSON.stringify(response);
      uses.set(status, counts.set(text, (counts.get(text) ?? 0) + 1));
    }
  }
  const winners = [...uses].flatMap(([status, counts]) => {
    const [[text, count] = ['', 0]] = [...counts].sort(([, a], [, b]) => b - a);
    return count < LEAST_USES ? [] : [[status, text] as const];
  });
  return new Map(winners);
}

/** As in `NotFound`. */
function nameOf(status: string): string {
  return (STATUS_CODES[status] ?? status).replace(/[^A-Za-z]/g, '');
}

function responsesOf(operation: JsonSchema): Responses {
  return operation['responses'] as Responses; // made by `OperationObjects`
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Readonly<Record<string, To>> {
  return mapEntries(record, (_key, value) => map(value));
}

function mapEntries<From, To>(
  record: Readonly<Record<string, From>>,
  map: (key: string, value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(key, value)]));
}
