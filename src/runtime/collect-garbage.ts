import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// V8 offers its collector only with this flag, and Node has no other way to call it at run time.
setFlagsFromString('--expose-gc');

/**
 * Calls V8's collector. A minor collection takes a fraction of a millisecond, a full one tens of them; Node 20 frees shared memory
 * only in a full one, without `type`.
 */
export const collectGarbage = runInNewContext('gc') as (options?: { readonly type: 'minor' }) => void; // V8's collector
