import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Principal } from '../access/principal.js';

/** Injects the principal that the guard has authenticated. */
export const CurrentUser = createParamDecorator((_data: undefined, context: ExecutionContext): Principal => {
  const request = context.switchToHttp().getRequest<{ principal: Principal }>();
  return request.principal;
});
