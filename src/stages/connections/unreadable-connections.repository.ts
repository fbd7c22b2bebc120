import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { StageEntity } from '../catalog/stage.entity.js';
import { StageRepository } from '../catalog/stage.repository.js';
import { ConnectionEntity } from './connection.entity.js';
import { ConnectionRepository } from './connection.repository.js';
import { isReadable } from '../../keys/is-readable.js';
import { SealedBoxError } from '../../keys/sealed-box-error.js';

/** Names of objects that this server's key does not decrypt. */
export interface UnreadableNames {
  readonly stages: readonly string[];
  readonly connections: readonly string[];
}

/** Maximum number of names in a message. */
const NAMED = 5;

/** Finds external stages and named connections that were encrypted with another key, or whose ciphertext is damaged. */
@Injectable()
export class UnreadableConnections {
  constructor(
    private readonly stageRepository: StageRepository,
    private readonly connectionRepository: ConnectionRepository,
    @InjectRepository(StageEntity) private readonly stages: Repository<StageEntity>,
    @InjectRepository(ConnectionEntity) private readonly connections: Repository<ConnectionEntity>,
  ) {}

  async find(): Promise<UnreadableNames> {
    const stages: string[] = [];
    for await (const batch of this.stageRepository.list({})) {
      for (const stage of batch) {
        if (stage.kind === 'external' && !isReadable(stage.decryptStored)) stages.push(stage.name);
      }
    }
    const named = await this.connectionRepository.list();
    const unreadable = named.filter((connection) => !isReadable(connection.decryptOptions));
    return { stages, connections: unreadable.map(({ name }) => name) };
  }

  /** @throws SealedBoxError that tells how to fix it, if any secret is unreadable. */
  async assertReadable(): Promise<void> {
    const { stages, connections } = await this.find();
    if (stages.length + connections.length === 0) return;
    const unreadable = [...listOf('stage', stages), ...listOf('connection', connections)].join(' and ');
    throw new SealedBoxError(
      'UnreadableSecret',
      `The key of this server does not open ${unreadable}. Bring back the connection.key or CONNECTION_KEY that they were encrypted with, behind the new key if there is one, or drop them: npm run admin -- forget-connections.`,
    );
  }

  /** Drops the unreadable stages and connections. Files of external stages stay; internal stages are not affected. */
  async forget(): Promise<UnreadableNames> {
    const unreadable = await this.find();
    for (const name of unreadable.stages) await this.stages.delete({ name });
    for (const name of unreadable.connections) await this.connections.delete({ name });
    return unreadable;
  }
}

function listOf(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const rest = names.length > NAMED ? `, and ${String(names.length - NAMED)} more` : '';
  return [`the ${what}${names.length === 1 ? '' : 's'} ${names.slice(0, NAMED).join(', ')}${rest}`];
}
