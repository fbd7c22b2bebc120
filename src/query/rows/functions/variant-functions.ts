import type { Value } from '../table.js';
import type { ScalarFunction } from './scalar-function.js';

/** Functions of a Variant, whose cell is the text of its JSON. */
export const VARIANT_FUNCTIONS: ReadonlyMap<string, ScalarFunction> = new Map<string, ScalarFunction>([
  [
    // `variant:key`, `variant['key']`, `variant[0]`
    'get',
    {
      parameters: ['variant', 'key'],
      type: 'Variant',
      mayBeNull: true,
      apply: ([variant, key]) => jsonOf(fieldOf(String(variant), key)),
    },
  ],
  [
    'json_extract_path_text',
    {
      parameters: ['text', 'text'],
      type: 'String',
      mayBeNull: true,
      apply: ([json, path]) => extracted(String(json), String(path)),
    },
  ],
]);

/** Returns the text that a Variant is compared by: the content of a string, the JSON of any other value. */
export function textOfVariant(value: Value): Value {
  const parsed = value === null ? undefined : parse(String(value));
  return typeof parsed === 'string' ? parsed : value;
}

function fieldOf(variant: string, key: Value | undefined): unknown {
  const parsed = parse(variant);
  if (typeof key === 'number') return Array.isArray(parsed) ? (parsed as unknown[])[key] : undefined;
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(parsed));
  return fields.get(String(key));
}

function jsonOf(value: unknown): Value {
  return value === undefined ? null : JSON.stringify(value);
}

/** Reads a path such as `a.b`. Returns a string without quotes, any other value as JSON, NULL if it does not exist. */
function extracted(json: string, path: string): Value {
  let value: unknown = parse(json);
  for (const key of path.split('.'))
    value = value === undefined ? undefined : fieldOf(JSON.stringify(value), key);
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** @returns undefined for a text that is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
