import { boundYoungGeneration, keepYoungGeneration } from './young-generation.js';

keepYoungGeneration();
const { started } = await import('./serve.js');
await started;
boundYoungGeneration();
