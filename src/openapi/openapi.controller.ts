import { promisify } from 'node:util';
import { Controller, Get, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Public } from '../access/route-access.js';
import { IgnoreQuery } from '../http/request/query.decorators.js';
import { RequestError } from '../http/request/request-error.js';
import { ApiDocument } from './api-document.js';
import { DOCS_FOLDER } from './docs-folder.js';
import { DOCS_HEADERS, DOCS_PAGE, DOCS_SCRIPT, LIBRARIES } from './docs-page.js';

/** The description of the API, and a page that shows it. They say nothing of this installation. */
@IgnoreQuery()
@Controller()
export class OpenApiController {
  constructor(private readonly document: ApiDocument) {}

  @Get('openapi.json')
  @Public()
  async show(@Res() response: Response): Promise<void> {
    response.type('json').send(await this.document.json());
  }

  @Get('docs')
  @Public()
  page(@Res() response: Response): void {
    response.set(DOCS_HEADERS);
    // Relative links of the page begin at its folder.
    if (response.req.path.endsWith('/')) response.redirect(308, '../docs');
    else response.type('html').send(DOCS_PAGE);
  }

  @Get('docs/:file')
  @Public()
  async file(@Param('file') file: string, @Res() response: Response): Promise<void> {
    if (file === 'init.js') {
      response.set(DOCS_HEADERS).type('js').send(DOCS_SCRIPT);
      return;
    }
    if (!LIBRARIES.has(file)) throw new RequestError('UnknownRoute', 'There is no such file of /docs.');
    response.set(DOCS_HEADERS);
    await sendFile(response, file);
  }
}

async function sendFile(response: Response, file: string): Promise<void> {
  const send = promisify((done: (error?: Error | null) => void) => {
    response.sendFile(file, { root: DOCS_FOLDER, cacheControl: false }, done);
  });
  await send();
}
