import { silenceLibraryNotices } from './config/library-notices.js';

silenceLibraryNotices(); // before the libraries are loaded
const { serve } = await import('./serve.js');
await serve();
