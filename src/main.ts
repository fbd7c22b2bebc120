import { setFlagsFromString } from 'node:v8';

/*
 * Before anything else is loaded: the young generation stays at its first size. Grown to its default of 48 MiB it saves
 * a few short collections, and leaves the buffers of a streaming upload uncollected so much longer.
 */
setFlagsFromString('--semi-space-growth-factor=1');
await import('./serve.js');
