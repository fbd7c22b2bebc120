/** An option of the CONNECTION clause. */
interface OptionRule {
  /** The canonical name first. */
  readonly names: readonly [string, ...string[]];
  /** Databend supports the option, this service does not. */
  readonly isUnsupported?: true;
  /** Returns the canonical value, or the problem: the rest of a sentence after the option's name, without the value. */
  readonly read: (value: string) => { readonly value: string } | { readonly problem: string };
}

const RULES: readonly OptionRule[] = [
  { names: ['endpoint_url'], read: readEndpoint },
  { names: ['region'], read: matching(/^[A-Za-z0-9-]{1,63}$/, 'must be letters, digits and hyphens') },
  {
    names: ['access_key_id', 'aws_key_id'],
    read: matching(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces, and not empty'),
  },
  {
    names: ['secret_access_key', 'aws_secret_key'],
    read: matching(/^[\x20-\x7e]+$/, 'must be printable ASCII, and not empty'),
  },
  {
    names: ['session_token', 'aws_token', 'security_token'],
    read: matching(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces, and not empty'),
  },
  { names: ['enable_virtual_host_style'], read: readBoolean },
  { names: ['presign_endpoint_url'], read: readEndpoint },
  { names: ['master_key'], isUnsupported: true, read: unchanged },
  { names: ['role_arn', 'aws_role_arn'], isUnsupported: true, read: unchanged },
  { names: ['external_id', 'aws_external_id'], isUnsupported: true, read: unchanged },
];

/** Options for signing; the first two are required for it. */
const KEYS = ['access_key_id', 'secret_access_key', 'session_token'];

const EXPECTED = RULES.filter((rule) => rule.isUnsupported !== true).flatMap((rule) => rule.names);

/** Returns all spellings of an option, the canonical one first; none for an option that S3 does not have. */
export function spellingsOf(name: string): readonly string[] {
  return RULES.find(({ names }) => names.includes(name))?.names ?? [];
}

export interface ReadOptions {
  readonly options: Readonly<Record<string, string>>;
  /** Every problem, each a sentence without secrets. */
  readonly problems: readonly string[];
}

/** Reads the options of a connection to S3 into canonical names and values. */
export function readConnectionOptions(input: ReadonlyMap<string, string>): ReadOptions {
  const options: Record<string, string> = {};
  const problems = validateNames(input);
  for (const rule of RULES.filter(({ isUnsupported }) => isUnsupported !== true)) {
    const [canonical] = rule.names;
    const values = rule.names.flatMap((name) => input.get(name) ?? []);
    const [first] = values;
    if (first === undefined) continue;
    if (values.some((value) => value !== first)) problems.push(contradiction(rule.names, input));
    const result = rule.read(first);
    if ('value' in result) options[canonical] = result.value;
    else problems.push(`'${canonical}' ${result.problem}.`);
  }
  return { options, problems: [...problems, ...validateKeys(input)] };
}

/** Requires all keys or none: a bucket without keys is a public one. */
function validateKeys(input: ReadonlyMap<string, string>): string[] {
  const isPresent = (canonical: string): boolean =>
    RULES.some(({ names }) => names[0] === canonical && names.some((name) => input.has(name)));
  if (!KEYS.some(isPresent)) return [];
  return KEYS.slice(0, 2)
    .filter((name) => !isPresent(name))
    .map((name) => `'${name}' is missing.`);
}

function validateNames(input: ReadonlyMap<string, string>): string[] {
  const unsupported = RULES.filter((rule) => rule.isUnsupported).flatMap((rule) => rule.names);
  const problems = unsupported
    .filter((name) => input.has(name))
    .map((name) => `'${name}' is an option of Databend that is not supported here.`);
  const unknown = [...input.keys()].filter((name) => !EXPECTED.includes(name) && !unsupported.includes(name));
  if (unknown.length > 0) problems.push(`Expected ${listed(EXPECTED)}, got ${listed(unknown)}.`);
  return problems;
}

function contradiction(names: readonly string[], input: ReadonlyMap<string, string>): string {
  const used = names.filter((name) => input.has(name)).map((name) => `'${name}'`);
  return `${used.join(' and ')} are the same option with different values.`;
}

function listed(names: readonly string[]): string {
  return `[${names.map((name) => `\`${name}\``).join(', ')}]`;
}

function matching(pattern: RegExp, problem: string): OptionRule['read'] {
  return (value) => (pattern.test(value) ? { value } : { problem });
}

function unchanged(value: string): { readonly value: string } {
  return { value };
}

function readBoolean(value: string): ReturnType<OptionRule['read']> {
  const lower = value.toLowerCase();
  return lower === 'true' || lower === 'false' ? { value: lower } : { problem: "must be 'true' or 'false'" };
}

/** Reads a URL. The problem does not repeat the value, which may contain a user's name and password. */
function readEndpoint(value: string): ReturnType<OptionRule['read']> {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `https://${value}`;
  if (!URL.canParse(text) || /[\p{Cc}\s\\]/u.test(text)) return { problem: 'must be a URL' };
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return { problem: 'must be an http or https URL' };
  if (url.username !== '' || url.password !== '' || text.includes('@')) {
    return { problem: 'may not hold credentials: give them as options of their own' };
  }
  if (url.pathname !== '/' || text.includes('?') || text.includes('#')) {
    return { problem: 'must be a host with an optional port, without path, query and fragment' };
  }
  return { value: url.origin };
}
