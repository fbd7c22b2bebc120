import { Controller, Post, Put } from '@nestjs/common';
import { Requires } from '../../access/route-access.js';
import { IgnoreQuery } from '../../http/request/query.decorators.js';
import { QueryError } from '../query-error.js';

/** Refuses Databend's streaming load, which loads a file into a table without a stage. This service has no tables. */
@IgnoreQuery()
@Controller('v1/streaming_load')
export class StreamingLoadController {
  @Put()
  @Requires('Use', 'session')
  load(): never {
    throw new QueryError(
      'NoWarehouse',
      'Query execution failed: loading into a table needs a warehouse, and this service keeps files in stages. ' +
        'Upload to a stage with PUT /v1/upload_to_stage.',
    );
  }

  @Post()
  @Requires('Use', 'session')
  loadByPost(): never {
    return this.load();
  }
}
