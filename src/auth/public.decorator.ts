import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const IS_PUBLIC = 'isPublic';

/** Marks a route or a controller that answers without authentication. Everything else is denied by default. */
export const Public = (): CustomDecorator => SetMetadata(IS_PUBLIC, true);
