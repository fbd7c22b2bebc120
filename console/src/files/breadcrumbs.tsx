import type { ReactElement } from 'react';
import { routeHref } from '../app/route.js';

interface BreadcrumbsProps {
  readonly stage: string;
  readonly folder: string;
}

export function Breadcrumbs({ stage, folder }: BreadcrumbsProps): ReactElement {
  const parts = folder.split('/').slice(0, -1);
  const links = [
    { text: 'Stages', href: '#/' },
    { text: stage, href: routeHref({ page: 'files', stage, folder: '' }) },
    ...parts.map((part, index) => ({
      text: part === '' ? '(no name)' : part,
      href: routeHref({ page: 'files', stage, folder: `${parts.slice(0, index + 1).join('/')}/` }),
    })),
  ];
  return (
    <nav aria-label="Folders" className="breadcrumbs">
      <ol>
        {links.map(({ text, href }, index) => (
          <li key={href}>
            <a href={href} aria-current={index === links.length - 1 ? 'location' : undefined}>
              {text}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
