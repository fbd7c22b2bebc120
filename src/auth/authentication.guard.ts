import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { IS_PUBLIC } from './public.decorator.js';

/**
 * The guard of every route: it lets in what is marked `@Public()`, and whom a strategy knows. Whatever is no session token
 * is for the Basic strategy, which says what is wrong with it.
 */
@Injectable()
export class AuthenticationGuard extends AuthGuard(['session-token', 'basic']) implements CanActivate {
  constructor(private readonly reflector: Reflector) {
    super({ session: false, property: 'principal' });
  }

  override canActivate(context: ExecutionContext): ReturnType<CanActivate['canActivate']> {
    const isPublic = this.reflector.getAllAndOverride<boolean | undefined>(IS_PUBLIC, [
      context.getHandler(),
      context.getClass(),
    ]);
    return isPublic === true || super.canActivate(context);
  }
}
