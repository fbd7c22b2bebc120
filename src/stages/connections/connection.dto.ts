import { z } from 'zod';
import { masked } from '../../common/masked.js';
import { CONNECTION, CONNECTION_CHANGES } from '../catalog/stage-fields.js';
import type { NewConnection } from './connection-catalog.js';
import { shownOptions } from './connection-view.js';
import type { NamedConnection } from './named-connection.js';

/** Body of `POST /v1/connections`. */
export const CREATE_CONNECTION = z.strictObject({
  name: z.string(),
  storage_type: z.string(),
  options: CONNECTION.nullish(),
  or_replace: z.boolean().nullish(),
  if_not_exists: z.boolean().nullish(),
});

/** Body of `PATCH /v1/connections/{name}`: the options that change. */
export const ALTER_CONNECTION = z.strictObject({ options: CONNECTION_CHANGES });

export type CreateConnectionBody = z.output<typeof CREATE_CONNECTION>;
export type AlterConnectionBody = z.output<typeof ALTER_CONNECTION>;

export function newConnectionFrom(body: CreateConnectionBody): NewConnection {
  return {
    name: body.name,
    storageType: body.storage_type,
    options: body.options ?? new Map(),
    orReplace: body.or_replace ?? undefined,
    ifNotExists: body.if_not_exists ?? undefined,
  };
}

/** A connection over REST. */
export interface ConnectionAnswer {
  readonly name: string;
  readonly storage_type: string;
  /** Every value is masked; null if this server's key does not decrypt them. */
  readonly options: Readonly<Record<string, string>> | null;
  readonly creator: string;
  /** ISO 8601 in UTC. */
  readonly created_on: string;
}

export function connectionAnswer(connection: NamedConnection): ConnectionAnswer {
  const options = shownOptions(connection);
  return {
    name: connection.name,
    storage_type: connection.storageType,
    options: options && Object.fromEntries(options.map(([name, value]) => [name, masked(value)])),
    creator: connection.creator,
    created_on: connection.createdOn.toISOString(),
  };
}

export interface ConnectionUseAnswer {
  /** Names of the stages that refer to the connection and that the caller may see. */
  readonly stages: readonly string[];
  readonly has_others: boolean;
}
