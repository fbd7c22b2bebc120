import type { JsonSchema } from './json-schema.js';

interface PathParameter {
  /** Name of its component. */
  readonly id: string;
  readonly description: string;
  readonly schema?: JsonSchema;
  readonly example: string | number;
}

const KIND = {
  id: 'GranteeKind',
  description: 'What the name behind it is.',
  schema: { type: 'string', enum: ['users', 'roles'] },
  example: 'users',
} as const;

/** Parameters of paths, by the segment before them and their name. */
const PATH_PARAMETERS: Readonly<Record<string, PathParameter>> = {
  'stages/name': { id: 'Stage', description: 'The name of a stage; `~` is the own one.', example: 'landing' },
  'connections/name': { id: 'Connection', description: 'The name of a connection.', example: 'minio' },
  'files/path': {
    id: 'FilePath',
    description:
      'The path of a file in its stage. Its slashes may stand as they are or as `%2F`; a `?` in it is `%3F`.',
    example: 'rows.csv',
  },
  'users/name': { id: 'User', description: 'The name of a user.', example: 'ann' },
  'roles/name': { id: 'Role', description: 'The name of a role.', example: 'lab' },
  'grants/kind': KIND,
  'members/kind': KIND,
  'kind/grantee': { id: 'Grantee', description: 'The name of a user or a role.', example: 'ann' },
  'kind/member': { id: 'Member', description: 'The name of a user or a role.', example: 'ann' },
  'tokens/id': {
    id: 'TokenId',
    description: 'The id of an API token.',
    example: '7a1e0c52-4a0e-4a54-9b5f-1d7c0a3f5f10',
  },
  'uploads/id': {
    id: 'UploadId',
    description: 'The id of an upload, as `x-stagedoor-upload-id` says it.',
    example: '0193a1a4-7f0e-7c3a-a111-6f3c1d2b4a5e',
  },
  'presigned/token': {
    id: 'PresignedToken',
    description:
      'What follows `/v1/presigned/` in a presigned URL: the signed token, a slash, and the name of the file.',
    example: 'eyJ1c2VyIjoicm9vdCJ9.c2lnbmF0dXJl/rows.csv',
  },
  'query/id': {
    id: 'QueryId',
    description: 'The id of a statement.',
    example: '5a9b0c7e-0f7c-4a3e-8f39-6f6a5c1c2d10',
  },
  'page/page': {
    id: 'Page',
    description: 'The number of a page, from 0.',
    schema: { type: 'integer', minimum: 0 },
    example: 1,
  },
  'page/cursor': {
    id: 'PageCursor',
    description: 'The cursor of a page, from `next_uri`.',
    example: 'eyJ2IjoxfQ',
  },
  'docs/file': {
    id: 'DocsFile',
    description: 'A file of the page.',
    schema: { type: 'string', enum: ['init.js', 'swagger-ui-bundle.js', 'swagger-ui.css'] },
    example: 'init.js',
  },
};

/** Names of the parameters of a path, each with the key of its description. */
function keysIn(path: string): readonly (readonly [name: string, key: string])[] {
  const segments = path.split('/');
  return segments.flatMap((segment, index) => {
    const [, name] = /^\{(.+)\}$/.exec(segment) ?? [];
    const before = (segments[index - 1] ?? '').replace(/[{}]/g, '');
    return name === undefined ? [] : [[name, `${before}/${name}`] as const];
  });
}

/** Returns references to the parameters of a path. */
export function pathParameters(path: string): readonly JsonSchema[] {
  return keysIn(path).map(([, key]) => {
    const parameter = PATH_PARAMETERS[key];
    if (parameter === undefined) throw new TypeError(`the parameter ${key} of ${path} is not described`);
    return { $ref: `#/components/parameters/${parameter.id}` };
  });
}

/** The objects of `components/parameters`. */
export function pathParameterObjects(): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    Object.entries(PATH_PARAMETERS).map(
      ([key, { id, schema = { type: 'string', minLength: 1 }, ...texts }]) => [
        id,
        { name: key.split('/')[1], in: 'path', required: true, schema, ...texts },
      ],
    ),
  );
}
