import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { UsersModule } from '../users/users.module.js';
import { Authenticator } from './authenticator.js';
import { BasicAuthGuard } from './basic-auth.guard.js';
import { BasicStrategy } from './basic.strategy.js';
import { SignInThrottle } from './sign-in-throttle.js';

/** Every route of the application asks who is there. */
@Module({
  imports: [PassportModule, UsersModule],
  providers: [Authenticator, SignInThrottle, BasicStrategy, { provide: APP_GUARD, useClass: BasicAuthGuard }],
})
export class AuthModule {}
