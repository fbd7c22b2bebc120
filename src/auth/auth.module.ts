import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { AuditTrailModule } from '../audit/trail/audit-trail.module.js';
import { UsersModule } from '../users/users.module.js';
import { AcceptedRequests } from './running/accepted-requests.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { Authenticator } from './authenticator.js';
import { ApiTokens } from './api-tokens.js';
import { BasicStrategy } from './basic.strategy.js';
import { BearerStrategy } from './bearer.strategy.js';
import { EndedSessionEntity } from './ended-session.entity.js';
import { EndedSessionRepository } from './ended-session.repository.js';
import { Peers } from './peer.js';
import { RunningWork } from './running/running-work.js';
import { SessionService } from './session.service.js';
import { SignInMetrics } from './sign-in-metrics.js';
import { TokenSubjects } from './token-subjects.js';
import { LIMITER_FACTORY, limiterFactory } from './throttle/limiters.js';
import { SignInThrottle } from './throttle/sign-in-throttle.js';

/** Registers the guard that authenticates every route. */
@Module({
  imports: [AuditTrailModule, PassportModule, UsersModule, TypeOrmModule.forFeature([EndedSessionEntity])],
  providers: [
    ApiTokens,
    Authenticator,
    Peers,
    {
      provide: LIMITER_FACTORY,
      inject: [getDataSourceToken()],
      useFactory: (database: DataSource) =>
        limiterFactory(database.options.type === 'postgres' ? database : undefined),
    },
    SignInMetrics,
    SignInThrottle,
    BasicStrategy,
    EndedSessionRepository,
    SessionService,
    BearerStrategy,
    RunningWork,
    AcceptedRequests,
    TokenSubjects,
    { provide: APP_GUARD, useClass: AuthenticationGuard },
  ],
  exports: [Peers, AcceptedRequests, RunningWork, SessionService, TokenSubjects],
})
export class AuthModule {}
