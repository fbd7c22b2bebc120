import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Names that the field does not know, and the one that the code has for each thing. */
const REPLACED: Readonly<Record<string, string>> = {
  UploadMemory: 'BufferBudget',
  MemoryShare: 'BufferLease',
  UploadGate: 'UploadAdmission',
  UploadAct: 'UploadRequest',
  FormReception: 'MultipartUploadStream',
  RawReception: 'RawUploadStream',
  UploadFiles: 'FileConsumer',
  TakenFile: 'StoredFile',
  StoredFiles: 'FileStore',
  StageFiles: 'FileStores',
  RepeatedFiles: 'ReplayVerifier',
  isRepeatable: 'hasIdempotencyKey',
  RecordedUpload: 'ActiveUpload',
  FileLedgerRepository: 'FileMetadataRepository',
  ledger: 'fileMetadata',
  KnownFiles: 'FileMetadataIndex',
  askLeave: 'confirmCommit',
  beforeVisible: 'beforeCommit',
  PutRefusal: 'CommitRejected',
  leaveToAppear: 'confirmContent',
  pour: 'pipeBody',
  FileSink: 'FileWriter',
  QuickCalls: 'AdaptiveSyncFs',
  answerQuestions: 'serveRequests',
  Waiter: 'PendingRequest',
  beSeen: 'heartbeat',
  parseOwn: 'parseStageStatement',
  complaintAbout: 'validate…',
  LeftoverNotes: 'CleanupLog',
  Leftover: 'Orphan',
  removeLeftover: 'removeOrphan',
  Liar: 'FaultyProvider',
  mayFillUp: 'hasPriority',
  EmptyPasswordFromAfar: 'PasswordRequiredRemotely',
  FirstRequestRuns: 'IdempotencyConflict',
  InternalStorageLook: 'InternalStorageCheck',
  verdictOn: 'evaluateConditions',
  SealedColumn: 'EncryptedColumn',
  openConnection: 'decryptConnection',
  openOptions: 'decryptOptions',
  UNFINISHED_DIRECTORY: 'TEMPORARY_DIRECTORY',
  PartFilling: 'PartFiller',
  NestedLooks: 'NestedChecks',
  BusyPauses: 'BusyBackoff',
};

/** Names that tests give to what they are made of, in files, types and functions: the noun, and what begins with it. */
const REPLACED_IN_TESTS: readonly (readonly [word: string, better: string, pattern: RegExp])[] = [
  ['world', 'fixture', /\bworlds?\b|World/],
  ['judge', 'oracle', /\bjudge\b|\bjudge[A-Z]|Judge/],
  ['liar', 'faulty provider', /\bliars?\b|Liar/],
];

const texts = ['src', 'test'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|mjs)$/.test(name) && !name.includes('node_modules'))
    .filter((name) => !name.includes('migrations') && !name.endsWith('words.spec.ts'))
    .map((name) => [join(folder, name), readFileSync(join(ROOT, folder, name), 'utf8')] as const),
);
const sources = texts.filter(([path]) => path.endsWith('.ts'));
const tests = texts.filter(([path]) => path.startsWith('test/'));

it.each(Object.entries(REPLACED))('%s is called %s', (word) => {
  const found = sources.filter(([, text]) => new RegExp(`\\b${word}\\b`).test(text)).map(([path]) => path);
  expect(found).toEqual([]);
});

it.each(REPLACED_IN_TESTS)('in tests a %s is called %s', (_word, _better, pattern) => {
  const found = tests.filter(([path, text]) => pattern.test(path) || pattern.test(text));
  expect(found.map(([path]) => path)).toEqual([]);
});

/** Words of comments, names of parameters and fields. */
const PLAINER: Readonly<Record<string, string>> = {
  'sinks?': 'consumer',
  'receptions?': 'upload stream',
  'pour(s|ed)?': 'pipe',
  noted: 'recorded',
  'sealed(?![- ]box|-)': 'encrypted',
  'slabs?': 'part buffer',
  'complaints?': 'problem',
  told: 'reported, named',
  'tak(e|es|en) in': 'receive, store',
};

it.each(Object.entries(PLAINER))('in src %s is %s', (word) => {
  const found = sources
    .filter(([path]) => path.startsWith('src/'))
    .filter(([, text]) => new RegExp(`\\b${word}\\b`, 'i').test(text))
    .map(([path]) => path);
  expect(found).toEqual([]);
});

/** A comment begins with a verb or a noun. */
const OPENING = /\/\*\*\s+(?:\* )?(?:So (?:long|many)|What|Of an?|Who|Whoever|One that)\b/;
it('in src comments begin with a verb or a noun', () => {
  const found = sources.filter(([path, text]) => path.startsWith('src/') && OPENING.test(text));
  expect(found.map(([path]) => path)).toEqual([]);
});
