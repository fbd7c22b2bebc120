import { z } from 'zod';
import type { FieldText, FieldTexts } from './description.js';
import type { JsonSchema } from './json-schema.js';

type Properties = Readonly<Record<string, JsonSchema>>;

/** Converts zod schemas to JSON schemas, and collects those with a name for `components/schemas`. */
export class SchemaComponents {
  readonly #schemas = new Map<string, JsonSchema>();

  /** All named schemas, by name. */
  get all(): Properties {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Returns what the server sends by this schema: a reference, if the schema has an id. */
  ofAnswer(schema: z.ZodType): JsonSchema {
    return this.#converted(schema, 'output');
  }

  /** Returns what a request may send by this schema, with a text for each of its fields. */
  ofRequest(schema: z.ZodType, texts: FieldTexts): JsonSchema {
    const json = this.#converted(schema, 'input');
    assertEachDescribed(fieldsOf(json), texts);
    return withTexts(json, texts);
  }

  /** Adds a named schema. @returns a reference to it. */
  add(id: string, schema: JsonSchema): JsonSchema {
    const existing = this.#schemas.get(id);
    if (existing !== undefined && JSON.stringify(existing) !== JSON.stringify(schema)) {
      throw new TypeError(`two schemas have the name ${id}`);
    }
    this.#schemas.set(id, schema);
    return { $ref: `#/components/schemas/${id}` };
  }

  #converted(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const json = z.toJSONSchema(schema, { io, unrepresentable: 'any', override: withoutSafeBounds });
    const text = JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/');
    const { $defs = {}, ...root } = JSON.parse(text) as JsonSchema & { readonly $defs?: Properties }; // of `toJSONSchema`
    for (const [id, definition] of Object.entries($defs)) this.add(id, withoutMarks(definition));
    return withoutMarks(root);
  }
}

/** Drops the bounds of zod's whole numbers, which are those of doubles. */
function withoutSafeBounds({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}

function withoutMarks(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== 'id'));
}

function propertiesOf(schema: JsonSchema): Properties | undefined {
  return schema['properties'] as Properties | undefined; // by JSON schema
}

function choicesOf(schema: JsonSchema): readonly JsonSchema[] {
  return (schema['anyOf'] ?? []) as readonly JsonSchema[]; // by JSON schema
}

/** Lists the fields of an object, and those of objects in it as `outer.inner`. */
function fieldsOf(schema: JsonSchema, prefix = ''): readonly string[] {
  const own = Object.entries(propertiesOf(schema) ?? {}).flatMap(([name, property]) => [
    prefix + name,
    ...fieldsOf(property, `${prefix}${name}.`),
  ]);
  return [...own, ...choicesOf(schema).flatMap((choice) => fieldsOf(choice, prefix))];
}

function assertEachDescribed(fields: readonly string[], texts: FieldTexts): void {
  const [missing] = fields.filter((field) => !Object.hasOwn(texts, field));
  if (missing !== undefined) throw new TypeError(`the field ${missing} is not described`);
  const [surplus] = Object.keys(texts).filter((field) => !fields.includes(field));
  if (surplus !== undefined) throw new TypeError(`there is no field ${surplus} to describe`);
}

function withTexts(schema: JsonSchema, texts: FieldTexts, prefix = ''): JsonSchema {
  const choices = choicesOf(schema);
  if (choices.length > 0) {
    return { ...schema, anyOf: choices.map((choice) => withTexts(choice, texts, prefix)) };
  }
  const properties = Object.entries(propertiesOf(schema) ?? {}).map(([name, property]) => [
    name,
    withText(withTexts(property, texts, `${prefix}${name}.`), texts[prefix + name] ?? ''),
  ]);
  return properties.length === 0
    ? schema
    : { ...schema, properties: Object.fromEntries(properties) as Properties };
}

function withText(schema: JsonSchema, text: FieldText): JsonSchema {
  return typeof text === 'string' ? { ...schema, description: text } : text;
}
