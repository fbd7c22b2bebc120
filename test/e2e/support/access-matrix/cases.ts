import type { NestExpressApplication } from '@nestjs/platform-express';
import type { ObjectKind } from '../../../../src/access/privileges.js';
import type { Requirement } from '../../../../src/access/requirement.js';
import { routeAccess } from '../../../../src/access/route-access.js';
import type { StatementKind } from '../../../../src/query/sql/ast.js';
import { STATEMENT_ACCESS } from '../../../../src/query/statements/statement-access.js';
import { ROUTE_SAMPLES, STATEMENT_SAMPLES, type RouteSample } from '../access-samples.js';
import { declaredRoutes } from '../routes.js';
import type { Caller } from './callers.js';
import { MISSING, REFUSED, rulingOn, type Ruling, type Named, type StageName } from './rules.js';

/** A route or a statement, and what it declares. */
export type Target =
  | { readonly route: string; readonly statement?: undefined; readonly access: Requirement | 'public' }
  | { readonly statement: StatementKind; readonly route?: undefined; readonly access: Requirement };

export interface Expected {
  readonly status: number;
  readonly code: number | undefined;
}

export interface Case {
  readonly target: Target;
  readonly caller: Caller;
  readonly stage: StageName;
  readonly isOwnUpload: boolean;
  /** Of several privileges, the one that the request asks for. */
  readonly privilege: string | undefined;
  readonly verdict: Ruling['verdict'];
  readonly expected: Expected;
}

export function routeTargets(app: NestExpressApplication): Target[] {
  return declaredRoutes(app).map(({ line, handler }) => {
    const access = routeAccess(handler);
    if (access === undefined) throw new TypeError(`${line} declares nothing`);
    return { route: line, access };
  });
}

export function statementTargets(): Target[] {
  const kinds = Object.keys(STATEMENT_ACCESS) as StatementKind[]; // the table's keys are the kinds
  return kinds.map((statement) => ({ statement, access: STATEMENT_ACCESS[statement] }));
}

export function kindOf({ access }: Target): ObjectKind | undefined {
  return access === 'public' ? undefined : access.kind;
}

/** One caller's cases on one route or statement. */
export function casesOf(target: Target, caller: Caller): Case[] {
  const { access } = target;
  const stages: readonly StageName[] = kindOf(target) === 'stage' ? ['~', 'shared', 'other'] : ['shared'];
  const uploads = kindOf(target) === 'upload' ? [true, false] : [true];
  const privileges: readonly (string | undefined)[] = access === 'public' ? [undefined] : access.privileges;
  return privileges.flatMap((privilege) =>
    stages.flatMap((stage) =>
      uploads.map((isOwnUpload) => {
        const wish = { caller, stage, isOwnUpload, isStatement: target.statement !== undefined };
        const named = `${kindOf(target) ?? ''} ${privilege ?? ''}` as Named; // the privilege is one of the kind
        const verdict = access === 'public' ? 'may' : rulingOn(named, wish, needsSightOnly(target));
        const expected =
          caller.mustChangePassword === true && verdict === 'may'
            ? answerBeforeChange(target)
            : expectedOf(target, verdict, stage);
        return { target, caller, stage, isOwnUpload, privilege, verdict, expected };
      }),
    ),
  );
}

interface Answers {
  readonly allowed: Expected;
  readonly own: Expected | undefined;
  readonly refused: Expected;
}

/** A statement's own error comes under the status 200. */
function answersOf(target: Target): Answers {
  if (target.route !== undefined) {
    const {
      status,
      code,
      own,
      refused = REFUSED,
    }: RouteSample = ROUTE_SAMPLES[target.route] ?? { status: 0 };
    return {
      allowed: { status, code },
      own: own && { status: own.status, code: own.code },
      refused: { status: refused.status, code: refused.code },
    };
  }
  const { code, ownCode, refusedCode = REFUSED.code } = STATEMENT_SAMPLES[target.statement];
  return {
    allowed: { status: 200, code },
    own: ownCode === undefined ? undefined : { status: 200, code: ownCode },
    refused: { status: 200, code: refusedCode },
  };
}

/** What is let in, and may still need the change for what it carries. */
function answerBeforeChange(target: Target): Expected {
  const sample = target.route === undefined ? undefined : ROUTE_SAMPLES[target.route]?.mustChange;
  return sample === undefined ? answersOf(target).allowed : { status: sample.status, code: sample.code };
}

function needsSightOnly(target: Target): boolean {
  const sample =
    target.route === undefined ? STATEMENT_SAMPLES[target.statement] : ROUTE_SAMPLES[target.route];
  return sample?.needsSightOnly === true;
}

function expectedOf(target: Target, verdict: Ruling['verdict'], stage: StageName): Expected {
  if (verdict === 'out') return { status: 401, code: 5100 };
  const status = (ofRoute: number): number => (target.route === undefined ? 200 : ofRoute);
  if (verdict === 'out of scope') return { status: status(REFUSED.status), code: REFUSED.code };
  if (verdict === 'must change') return { status: status(403), code: 1066 };
  const { allowed, own, refused } = answersOf(target);
  // Nobody alters or drops an own stage: that is said before it matters who asks.
  if (stage === '~' && own !== undefined) return own;
  if (verdict === 'may') return allowed;
  if (verdict === 'refused') return refused;
  if (target.route === undefined && STATEMENT_SAMPLES[target.statement].isSilent === true) return allowed;
  const missing = hiddenOf(target) ?? MISSING[kindOf(target) ?? 'service'];
  return { status: status(missing.status), code: missing.code };
}

/** What is answered for a hidden object where it is not that of the kind. */
function hiddenOf(target: Target): Expected | undefined {
  if (target.route !== undefined) {
    const hidden = ROUTE_SAMPLES[target.route]?.hidden;
    return hidden && { status: hidden.status, code: hidden.code };
  }
  const { hiddenCode } = STATEMENT_SAMPLES[target.statement];
  return hiddenCode === undefined ? undefined : { status: 200, code: hiddenCode };
}
