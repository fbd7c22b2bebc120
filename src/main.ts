import {
  boundOldGeneration,
  boundYoungGeneration,
  keepYoungGeneration,
} from './runtime/garbage-collection.js';

boundOldGeneration();
keepYoungGeneration();
const { started } = await import('./serve.js');
await started;
boundYoungGeneration();
