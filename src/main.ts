import { boundYoungGeneration, startWithSmallHeap } from './heap.js';

startWithSmallHeap();
const { started } = await import('./serve.js');
await started;
boundYoungGeneration();
