import { Inject, Injectable } from '@nestjs/common';
import { AccessError } from '../access/access-error.js';
import type { Principal, RequestOrigin } from '../access/principal.js';
import { TokenSubjects, type SubjectEnd } from '../auth/token-subjects.js';
import { RequestError } from '../http/request/request-error.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { StageError } from '../stages/stage-error.js';
import { StageService, type OpenedStage } from '../stages/files/stage.service.js';
import { quotaOfStage, type Stage } from '../stages/catalog/stage.js';
import { type ListedKey, listedKey } from '../storage/contract/listed-key.js';
import { isTraversal } from '../storage/contract/object-key.js';
import { StorageError } from '../storage/contract/storage-error.js';
import type { PresignedRequest } from '../storage/contract/storage-provider.js';
import {
  resolveTarget,
  type ResolvedTarget,
  type PresignedMethod,
  type PresignTarget,
} from './presign-target.js';
import { PresignedUrlError } from './presigned-error.js';
import { isNameOf, presignedPath, type PresignedPath } from './presigned-path.js';
import { UrlSigningKey } from './url-signing-key.repository.js';

/** Rights that a valid presigned URL gives now. */
export interface VerifiedUrl {
  readonly stage: OpenedStage;
  /** The user who requested the URL. */
  readonly principal: Principal;
  readonly path: string;
  /** For GET: used if no file has the name in `path`. */
  readonly otherwise: ListedKey | undefined;
  readonly contentType: string | undefined;
  readonly maxBytes: number | undefined;
}

/** The signed content of a token. */
interface Grant {
  /** The user's id. */
  readonly user: string;
  /** The id of the API token that the URL was asked for with, and ends with. */
  readonly apiToken?: string | undefined;
  /** The user's credential when the URL was created. A new password revokes the URL. */
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

/** Signs requests that need no credentials. The service signs them for any store; some stores can sign their own. */
@Injectable()
export class PresignedUrls {
  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly stages: StageService,
    private readonly subjects: TokenSubjects,
    private readonly signingKey: UrlSigningKey,
  ) {}

  /**
   * Creates a presigned request. The file need not exist. The caller has checked the privilege when it resolved the stage:
   * `Read` for GET, `Write` for PUT.
   *
   * @param baseUrl the URL at which the client reaches this service.
   * @throws PresignedUrlError, or StorageError of kind `InvalidKey`, that says what to change.
   */
  async presign(
    stage: OpenedStage,
    principal: Principal,
    target: PresignTarget,
    baseUrl: string,
  ): Promise<PresignedRequest> {
    const resolved = resolveTarget(target, stage.storage.capabilities);
    if (this.#isSignedByStore(stage, resolved)) return presignByStore(stage, resolved);
    const { method, expiresInSeconds } = resolved;
    const { contentType, maxBytes } = resolved.method === 'PUT' ? resolved : NO_UPLOAD_TERMS;
    const expiresAt = new Date(Date.now() + expiresInSeconds * 1000);
    const grant: Grant = {
      user: principal.userId,
      apiToken: principal.token?.id,
      credential: principal.credential,
      stage: stage.stage.name,
      stageId: idOf(stage.stage),
      path: resolved.method === 'PUT' ? resolved.key : resolved.name,
      otherwise: resolved.method === 'PUT' ? undefined : resolved.otherwise,
      method,
      expires: expiresAt.getTime(),
      contentType,
      maxBytes,
    };
    const token = (await this.signingKey.signer()).sign(grant);
    return {
      method,
      url: `${baseUrl}/${PRESIGNED_ROUTE}/${presignedPath(token, grant.path)}`,
      headers: contentType === undefined ? {} : { 'content-type': contentType },
      expiresAt,
    };
  }

  /**
   * Verifies a token, and checks again that its user has the privilege.
   *
   * @param method the request's method; a URL for GET allows HEAD too.
   * @throws PresignedUrlError that says why the URL is invalid, or RequestError if it is for another method.
   */
  async verify(
    { token, name }: PresignedPath,
    method: string,
    origin: Omit<RequestOrigin, 'via'>,
  ): Promise<VerifiedUrl> {
    const grant = await this.#grantOf({ token, name }, method);
    const { path, contentType, maxBytes } = grant;
    const otherwise = grant.otherwise === undefined ? undefined : listedKey(grant.otherwise);
    const principal: Principal = {
      ...(await this.#principalOf(grant)),
      origin: { ...origin, via: 'presigned' },
    };
    const stage = await this.#stageOf(grant, principal);
    return { stage, principal, path, otherwise, contentType, maxBytes };
  }

  /** A URL that shall live longer than the store may sign for is signed here: it ends with the rights of its user. */
  #isSignedByStore({ stage, storage }: OpenedStage, target: ResolvedTarget): boolean {
    const { presignBy, presignStoreMaxSeconds } = this.config;
    if (target.method === 'PUT' && quotaOfStage(stage) !== null) return false; // a store keeps no quota
    if (presignBy !== 'store' || target.expiresInSeconds > presignStoreMaxSeconds) return false;
    return storage.capabilities.presign && storeCanSign(target);
  }

  async #grantOf({ token, name }: PresignedPath, method: string): Promise<Grant> {
    const grant = (await this.signingKey.signer()).verify(token) as Grant | undefined; // signed by `presign`
    if (grant === undefined || (name !== undefined && !isNameOf(grant.path, name))) {
      throw new PresignedUrlError(
        'InvalidSignature',
        'This presigned URL was not signed by this server: it was changed or cut on its way, or the signing key has been changed since. Ask for a new one.',
      );
    }
    if (grant.expires <= Date.now()) {
      const expiredAt = new Date(grant.expires).toISOString();
      throw new PresignedUrlError(
        'Expired',
        `This presigned URL expired at ${expiredAt}. Ask for a new one.`,
      );
    }
    if (grant.method !== (method === 'HEAD' ? 'GET' : method)) {
      const allow = grant.method === 'GET' ? 'GET, HEAD' : 'PUT';
      const message = `This presigned URL is for ${allow.replace(', ', ' and ')}, not for ${method}.`;
      throw new RequestError('MethodNotAllowed', message, { context: { allow } });
    }
    return grant;
  }

  async #principalOf({ user: userId, credential, apiToken }: Grant): Promise<Principal> {
    const subject = await this.subjects.now({ userId, credential, apiToken });
    if ('end' in subject) throw revoked(ENDS[subject.end]);
    return subject.principal;
  }

  async #stageOf({ stage: stageName, stageId, method }: Grant, principal: Principal): Promise<OpenedStage> {
    const stage = await this.stages
      .resolve(stageName, principal, method === 'GET' ? 'Read' : 'Write')
      .catch((error: unknown) => {
        if (error instanceof AccessError) throw revoked('the user who asked for it may not do so any more');
        const isUnknown = error instanceof StageError && error.kind === 'UnknownStage';
        throw isUnknown ? revoked(GONE) : error;
      });
    if (idOf(stage.stage) !== stageId) throw revoked('its stage was dropped, and another one has its name');
    return stage;
  }
}

const ENDS: Readonly<Record<SubjectEnd, string>> = {
  gone: 'the user who asked for it is gone',
  disabled: 'the user who asked for it is disabled',
  'other-credential': 'the user who asked for it has another password now',
  'api-token-ended': 'the API token that it was asked for with was revoked, or has expired',
};

/** A stage that the user may do nothing with is as one that does not exist. */
const GONE = 'its stage was dropped, or the user who asked for it may not do so any more';

const NO_UPLOAD_TERMS = { contentType: undefined, maxBytes: undefined } as const;

/** A store's URL cannot limit the size of an upload. Clients remove `.` and `..` from a URL before they send it. */
function storeCanSign(target: ResolvedTarget): boolean {
  if (target.method === 'PUT') return target.maxBytes === undefined;
  return !target.name.split('/').some(isTraversal);
}

async function presignByStore({ storage }: OpenedStage, target: ResolvedTarget): Promise<PresignedRequest> {
  const { expiresInSeconds } = target;
  if (target.method === 'PUT') {
    const { method, key, contentType } = target;
    return storage.presign({ method, key, contentType }, { expiresInSeconds });
  }
  const { method, name, otherwise } = target;
  const key = otherwise === undefined || (await exists(storage, name)) ? name : otherwise;
  return storage.presign({ method, key }, { expiresInSeconds });
}

async function exists(storage: OpenedStage['storage'], name: ListedKey): Promise<boolean> {
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

function revoked(why: string): PresignedUrlError {
  return new PresignedUrlError('Revoked', `This presigned URL is not valid any more: ${why}.`);
}
