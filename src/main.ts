import { boundYoungGeneration, keepYoungGeneration } from './young-generation.js';

// Before anything else is loaded: what is loaded then stays, and needs no larger one.
keepYoungGeneration();
const { started } = await import('./serve.js');
await started;
boundYoungGeneration();
