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
};

const sources = ['src', 'test'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.includes('migrations') && !name.endsWith('words.spec.ts'))
    .map((name) => [join(folder, name), readFileSync(join(ROOT, folder, name), 'utf8')] as const),
);

it.each(Object.entries(REPLACED))('%s is called %s', (word) => {
  const found = sources.filter(([, text]) => new RegExp(`\\b${word}\\b`).test(text)).map(([path]) => path);
  expect(found).toEqual([]);
});
