import type { ReactElement } from 'react';
import { SERVER } from '../lib/api.js';
import { shellQuoted } from '../lib/quoting.js';
import { uploadCommand } from '../lib/upload-command.js';
import { currentUser } from '../session/session.js';
import { CopyText } from '../ui/copy-text.js';

/** The documented uploads, with this server's address. */
export function FirstSteps(): ReactElement {
  const user = currentUser();
  return (
    <section className="first-steps">
      <h2>The first upload</h2>
      <p>
        Your own stage <a href="#/stages/~">~</a> is always there: open it, and drop files into it. A program
        uploads like this:
      </p>
      <CopyText label="Into your own stage" text={uploadCommand(user, '~')} />
      <CopyText
        label="Into an internal stage, after it was created"
        text={`${createCommand(user)}\n${uploadCommand(user, 'my_internal_stage')}`}
      />
      <CopyText label="Into an external stage" text={uploadCommand(user, 'my_external_stage')} />
    </section>
  );
}

function createCommand(user: string): string {
  return `curl -u ${shellQuoted(user)}: -H "content-type: application/json" -d '{"name":"my_internal_stage"}' ${SERVER}/v1/stages`;
}
