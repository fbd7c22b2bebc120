import { empty, json, type Routes } from '../document/description.js';
import { OF_CHANGING } from '../document/error-groups.js';
import { CONNECTION, CONNECTION_USE, CONNECTIONS } from '../schemas/connection.js';

const OF_OPTIONS = [...OF_CHANGING, 'InvalidConnection', 'ConnectionInUse', 'UnreadableSecret'] as const;
const EXAMPLE = { access_key_id: 'minioadmin', secret_access_key: 'minioadmin' };

export const CONNECTION_ROUTES: Routes = {
  tag: 'Connections',
  description: 'Named ways to reach external stores.',
  operations: {
    'GET /v1/connections': {
      id: 'listConnections',
      summary: 'Shows the connections that the caller may use.',
      answers: { 200: json('The connections.', CONNECTIONS) },
    },
    'POST /v1/connections': {
      id: 'createConnection',
      summary: 'Creates a connection.',
      body: {
        id: 'NewConnection',
        fields: {
          name: 'By the rules for names of stages.',
          storage_type: 'The kind of store, such as `s3`.',
          options: 'As in the `connection` of a stage.',
          or_replace: 'Takes the place of a connection of that name, unless stages refer to it.',
          if_not_exists: 'A taken name is no error: the answer is that connection.',
        },
        examples: [{ name: 'backups', storage_type: 's3', options: EXAMPLE }],
      },
      answers: {
        200: json('The connection that was there already.', CONNECTION),
        201: json('The new connection.', CONNECTION),
      },
      fails: [...OF_OPTIONS, 'InvalidConnectionName', 'ConnectionAlreadyExists', 'IllegalGrant'],
    },
    'GET /v1/connections/{name}': {
      id: 'getConnection',
      summary: 'Shows a connection.',
      answers: { 200: json('The connection.', CONNECTION) },
      fails: ['UnknownConnection', 'InvalidConnectionName'],
    },
    'PATCH /v1/connections/{name}': {
      id: 'changeConnection',
      summary: 'Changes single options of a connection, and of all stages that refer to it.',
      body: {
        id: 'ConnectionChange',
        fields: { options: 'The options that change; null removes one.' },
        examples: [{ options: EXAMPLE }],
      },
      answers: { 200: json('The connection as it is now.', CONNECTION) },
      fails: [...OF_OPTIONS, 'UnknownConnection', 'InvalidConnectionName'],
    },
    'DELETE /v1/connections/{name}': {
      id: 'dropConnection',
      summary: 'Drops a connection.',
      answers: { 204: empty('The connection is gone.') },
      fails: [...OF_OPTIONS, 'UnknownConnection', 'InvalidConnectionName'],
    },
    'GET /v1/connections/{name}/stages': {
      id: 'listStagesOfConnection',
      summary: 'Names the stages that refer to a connection.',
      answers: { 200: json('The stages.', CONNECTION_USE) },
      fails: ['UnknownConnection', 'InvalidConnectionName'],
    },
  },
};
