import type { ServerResponse } from 'node:http';

const logFields = new WeakMap<ServerResponse, object>();

/** Adds fields to the log line of a request. */
export function tellLog(response: ServerResponse, facts: object): void {
  logFields.set(response, { ...logFields.get(response), ...facts });
}

/** Returns the fields added so far. */
export function logFieldsOf(response: ServerResponse): object {
  return logFields.get(response) ?? {};
}

/** Why a request was not served. */
export interface Failure {
  /** HTTP; 499 if the client has left. */
  readonly status: number;
  /** As the answer names it. */
  readonly kind: string | undefined;
  /** The user who was not let in, if it exists. */
  readonly user?: { readonly userId: string; readonly name: string } | undefined;
}

const failures = new WeakMap<ServerResponse, Failure>();

/** Tells the audit that a request has failed. */
export function tellFailure(response: ServerResponse, failure: Failure): void {
  failures.set(response, failure);
}

export function failureOf(response: ServerResponse): Failure | undefined {
  return failures.get(response);
}

/** Kinds of stages, as metrics name them. */
export const STAGE_KINDS = ['user', 'internal', 'external'] as const;
export type StageKind = (typeof STAGE_KINDS)[number];

/** The file or the archive of an answer, for the metrics. They are read when the answer has ended. */
export interface DownloadFacts {
  readonly stageKind: StageKind;
  /** Of the file, of the range of it, or of the part of an archive that has been made. */
  readonly bytes: number;
}

const downloads = new WeakMap<ServerResponse, DownloadFacts>();

/** Tells the metrics that an answer is a download. */
export function tellDownload(response: ServerResponse, facts: DownloadFacts): void {
  downloads.set(response, facts);
}

export function downloadOf(response: ServerResponse): DownloadFacts | undefined {
  return downloads.get(response);
}
