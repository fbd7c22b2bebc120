import { silenceLibraryNotices } from './config/library-notices.js';
import {
  boundOldGeneration,
  boundYoungGeneration,
  keepYoungGeneration,
} from './runtime/garbage-collection.js';

silenceLibraryNotices();
boundOldGeneration();
keepYoungGeneration();
const { started } = await import('./serve.js');
await started;
boundYoungGeneration();
