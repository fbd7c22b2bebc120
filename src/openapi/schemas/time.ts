import { z } from 'zod';

const FORMAT = { format: 'date-time', description: 'ISO 8601 in UTC.' } as const;

export const TIME = z.string().meta(FORMAT);
export const NULLABLE_TIME = z.string().meta(FORMAT).nullable();
