import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.js';
import { queryClient } from './app/query-client.js';
import './ui/base.css';
import './ui/controls.css';
import './ui/layout.css';
import './ui/table.css';

const element = document.getElementById('console');
if (element !== null) {
  createRoot(element).render(
    <QueryClientProvider client={queryClient}>
      <App />
    </QueryClientProvider>,
  );
}
