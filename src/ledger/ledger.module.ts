import { Module } from '@nestjs/common';
import { FileLedgerRepository } from './file-ledger.repository.js';

@Module({ providers: [FileLedgerRepository], exports: [FileLedgerRepository] })
export class LedgerModule {}
