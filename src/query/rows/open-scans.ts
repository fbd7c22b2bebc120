import { Injectable } from '@nestjs/common';
import { KeptScans } from '../../common/scans/kept-scans.js';
import type { Scan } from '../../common/scans/scan.js';
import type { Row } from './table.js';

const MAX_SCANS = 4;

/** The scans of queries, each owned by its query. */
@Injectable()
export class OpenScans extends KeptScans<Scan<Row>> {
  constructor() {
    super(MAX_SCANS);
  }
}
