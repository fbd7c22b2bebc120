import { Inject, Injectable } from '@nestjs/common';
import { AccessError } from '../access/access-error.js';
import { principalOf, type Principal } from '../access/principal.js';
import { RequestError } from '../http/request/request-error.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { StageError } from '../stages/stage-error.js';
import { StageService, type OpenedStage } from '../stages/files/stage.service.js';
import type { Stage } from '../stages/catalog/stage.js';
import { type ListedKey, listedKey } from '../storage/contract/listed-key.js';
import { isTraversal } from '../storage/contract/object-key.js';
import { StorageError } from '../storage/contract/storage-error.js';
import type { PresignedRequest } from '../storage/contract/storage-provider.js';
import { UserService } from '../users/user.service.js';
import {
  checkedTarget,
  type CheckedTarget,
  type PresignedMethod,
  type PresignTarget,
} from './presign-target.js';
import { PresignedUrlError } from './presigned-error.js';
import { isNameOf, presignedPath, type PresignedPath } from './presigned-path.js';
import { UrlSigningKey } from './url-signing-key.repository.js';

/** What a presigned URL is good for, now. */
export interface OpenedUrl {
  readonly stage: OpenedStage;
  /** Who has asked for it. */
  readonly principal: Principal;
  readonly path: string;
  /** For GET: meant where there is no file of that name. */
  readonly otherwise: ListedKey | undefined;
  readonly contentType: string | undefined;
  readonly maxBytes: number | undefined;
}

/** What is signed. */
interface Grant {
  readonly user: string;
  /** The user's, when the URL was made: with another password it ends. */
  readonly credential: string;
  readonly stage: string;
  /** Null for the user's own stage. */
  readonly stageId: string | null;
  readonly path: string;
  readonly otherwise?: string | undefined;
  readonly method: PresignedMethod;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  readonly contentType?: string | undefined;
  readonly maxBytes?: number | undefined;
}

export const PRESIGNED_ROUTE = 'v1/presigned';

/** Requests that need no credentials: signed by this service, on whatever the stage's files lie, or by the store itself. */
@Injectable()
export class PresignedUrls {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly stages: StageService,
    private readonly users: UserService,
    private readonly signingKey: UrlSigningKey,
  ) {}

  /**
   * The file need not be there. Whoever resolved the stage has checked the right: `Read` for GET, `Write` for PUT.
   *
   * @param baseUrl of this service, as its client reaches it.
   * @throws PresignedUrlError, or StorageError of kind `InvalidKey`, that says what to change.
   */
  async presign(
    stage: OpenedStage,
    principal: Principal,
    target: PresignTarget,
    baseUrl: string,
  ): Promise<PresignedRequest> {
    const checked = checkedTarget(target, stage.storage.capabilities);
    if (this.config.presignBy === 'store' && stage.storage.capabilities.presign && isForStore(checked)) {
      return presignByStore(stage, checked);
    }
    const { method, expiresInSeconds } = checked;
    const { contentType, maxBytes } = checked.method === 'PUT' ? checked : NOTHING_DECLARED;
    const expiresAt = new Date(Date.now() + expiresInSeconds * 1000);
    const grant: Grant = {
      user: principal.name,
      credential: principal.credential,
      stage: stage.stage.name,
      stageId: idOf(stage.stage),
      path: checked.method === 'PUT' ? checked.key : checked.name,
      otherwise: checked.method === 'PUT' ? undefined : checked.otherwise,
      method,
      expires: expiresAt.getTime(),
      contentType,
      maxBytes,
    };
    return {
      method,
      url: `${baseUrl}/${PRESIGNED_ROUTE}/${presignedPath(this.signingKey.signer().sign(grant), grant.path)}`,
      headers: contentType === undefined ? {} : { 'content-type': contentType },
      expiresAt,
    };
  }

  /**
   * Reads a token, and asks anew whether its user may.
   *
   * @param method of the request; a URL for GET takes HEAD too.
   * @throws PresignedUrlError that says why it is of no use, or RequestError where it is for another method.
   */
  async open({ token, name }: PresignedPath, method: string): Promise<OpenedUrl> {
    const grant = this.#grantOf({ token, name }, method);
    const { path, contentType, maxBytes } = grant;
    const otherwise = grant.otherwise === undefined ? undefined : listedKey(grant.otherwise);
    const principal = await this.#principalOf(grant);
    const stage = await this.#stageOf(grant, principal);
    return { stage, principal, path, otherwise, contentType, maxBytes };
  }

  #grantOf({ token, name }: PresignedPath, method: string): Grant {
    const grant = this.signingKey.signer().verify(token) as Grant | undefined; // what `presign` has signed
    if (grant === undefined || (name !== undefined && !isNameOf(grant.path, name))) {
      throw new PresignedUrlError(
        'NotSigned',
        'This presigned URL was not signed by this server: it was changed or cut on its way, or the signing key has been changed since. Ask for a new one.',
      );
    }
    if (grant.expires <= Date.now()) {
      const when = new Date(grant.expires).toISOString();
      throw new PresignedUrlError('Expired', `This presigned URL expired at ${when}. Ask for a new one.`);
    }
    if (grant.method !== (method === 'HEAD' ? 'GET' : method)) {
      const allow = grant.method === 'GET' ? 'GET, HEAD' : 'PUT';
      const message = `This presigned URL is for ${allow.replace(', ', ' and ')}, not for ${method}.`;
      throw new RequestError('MethodNotAllowed', message, { context: { allow } });
    }
    return grant;
  }

  async #principalOf({ user: userName, credential }: Grant): Promise<Principal> {
    const user = await this.users.find(userName);
    if (user === null) throw ended('the user who asked for it is gone');
    if (user.credential !== credential) throw ended('the user who asked for it has another password now');
    return principalOf(user);
  }

  async #stageOf({ stage: stageName, stageId, method }: Grant, principal: Principal): Promise<OpenedStage> {
    const stage = await this.stages
      .resolve(stageName, principal, method === 'GET' ? 'Read' : 'Write')
      .catch((error: unknown) => {
        if (error instanceof AccessError) throw ended('the user who asked for it may not do so any more');
        const isUnknown = error instanceof StageError && error.kind === 'UnknownStage';
        throw isUnknown ? ended('its stage was dropped') : error;
      });
    if (idOf(stage.stage) !== stageId) throw ended('its stage was dropped, and another one has its name');
    return stage;
  }
}

const NOTHING_DECLARED = { contentType: undefined, maxBytes: undefined } as const;

/** A store's own URL cannot bound what is uploaded, and clients clean `.` and `..` out of a URL before they send it. */
function isForStore(target: CheckedTarget): boolean {
  if (target.method === 'PUT') return target.maxBytes === undefined;
  return !target.name.split('/').some(isTraversal);
}

async function presignByStore({ storage }: OpenedStage, target: CheckedTarget): Promise<PresignedRequest> {
  const { expiresInSeconds } = target;
  if (target.method === 'PUT') {
    const { method, key, contentType } = target;
    return storage.presign({ method, key, contentType }, { expiresInSeconds });
  }
  const { method, name, otherwise } = target;
  const key = otherwise === undefined || (await isThere(storage, name)) ? name : otherwise;
  return storage.presign({ method, key }, { expiresInSeconds });
}

async function isThere(storage: OpenedStage['storage'], name: ListedKey): Promise<boolean> {
  try {
    await storage.stat(name);
    return true;
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'NotFound') return false;
    throw error;
  }
}

function idOf(stage: Stage): string | null {
  return stage.kind === 'user' ? null : stage.id;
}

function ended(why: string): PresignedUrlError {
  return new PresignedUrlError('Ended', `This presigned URL is not valid any more: ${why}.`);
}
