import { empty, json, type Routes } from '../document/description.js';
import { OF_CHANGING, OF_STORES } from '../document/error-groups.js';
import { STAGE, STAGE_CHECK, STAGES } from '../schemas/stage.js';

const OPTIONS = {
  url: 'Makes the stage external: where its files are, as in `s3://bucket/folder/` or `fs:///folder/`.',
  connection:
    'How the store of an external stage is reached; or `connection_name`, whose options are copied, or `connection_ref`, which is followed.',
  file_format: 'The format of its files, as in `{"type": "csv"}`. It is checked, completed and shown.',
};

const OF_OPTIONS = [
  'InvalidLocation',
  'InvalidConnection',
  'UnknownConnection',
  'IllegalFileFormat',
  'InvalidFileFormatValue',
  'UnknownFileFormat',
] as const;

export const STAGE_ROUTES: Routes = {
  tag: 'Stages',
  description: 'Named places for files.',
  operations: {
    'POST /v1/stages': {
      id: 'createStage',
      summary: 'Creates a stage.',
      body: {
        id: 'NewStage',
        fields: {
          name: 'Letters, digits, `_` and `$`; it begins with a letter or `_`.',
          ...OPTIONS,
          comment: 'Up to 10,000 characters.',
          owner:
            'A role of the caller, which must be allowed to create stages. Without it, the default role owns the stage.',
          or_replace: 'Takes the place of a stage of that name. An internal one loses its files.',
          if_not_exists: 'A taken name is no error: the answer is that stage.',
          check: 'Creates the stage only if its store works.',
        },
        examples: [
          { name: 'reports', comment: 'monthly' },
          { name: 'drafts', file_format: { type: 'csv', field_delimiter: '|' } },
          {
            name: 'lake',
            url: 's3://databend/lake/',
            connection: {
              endpoint_url: 'http://127.0.0.1:9000',
              access_key_id: 'minioadmin',
              secret_access_key: 'minioadmin',
            },
          },
        ],
      },
      answers: {
        200: json('The stage of that name that was there already.', STAGE),
        201: json('The new stage.', STAGE),
      },
      fails: [
        ...OF_OPTIONS,
        ...OF_CHANGING,
        ...OF_STORES,
        'InvalidStageName',
        'ReservedStageName',
        'UserStageImmutable',
        'StageAlreadyExists',
        'StageCheckFailed',
        'InvalidRole',
        'UnknownRole',
        'IllegalGrant',
      ],
    },
    'GET /v1/stages': {
      id: 'listStages',
      summary: 'Shows the named stages that the caller may see.',
      query: {
        like: 'A pattern of SQL, with `%` and `_`, without regard to case.',
        cursor: '`next_cursor` of the page before.',
        limit: {
          description: 'The most stages of a page; all without it.',
          type: 'integer',
          minimum: 1,
          maximum: 1000,
        },
      },
      answers: { 200: json('The stages.', STAGES) },
      fails: ['InvalidCursor'],
    },
    'GET /v1/stages/{name}': {
      id: 'getStage',
      summary: 'Shows a stage.',
      answers: { 200: json('The stage.', STAGE) },
      fails: ['UnknownStage'],
    },
    'PATCH /v1/stages/{name}': {
      id: 'changeStage',
      summary: 'Changes a stage.',
      description: 'Fields that are left out stay as they are.',
      body: {
        id: 'StageChange',
        fields: {
          ...OPTIONS,
          connection: 'The options that change; null removes one.',
          comment: 'Up to 10,000 characters; null for none.',
        },
        examples: [{ comment: 'monthly' }],
      },
      answers: { 200: json('The stage as it is now.', STAGE) },
      fails: [
        ...OF_OPTIONS,
        ...OF_CHANGING,
        ...OF_STORES,
        'UnknownStage',
        'UserStageImmutable',
        'NotExternal',
      ],
    },
    'DELETE /v1/stages/{name}': {
      id: 'dropStage',
      summary: 'Drops a stage.',
      description: 'The files of an internal stage go with it. Those of an external one stay.',
      answers: { 204: empty('The stage is gone.') },
      fails: [...OF_CHANGING, ...OF_STORES, 'UnknownStage', 'UserStageImmutable', 'RemovalIncomplete'],
    },
    'POST /v1/stages/{name}/check': {
      id: 'checkStage',
      summary: "Checks whether a stage's store can be listed, written to, read and removed from.",
      body: { id: 'NoFields', fields: {}, examples: [{}] },
      answers: { 200: json('What the checks have shown; `ok` says whether the store works.', STAGE_CHECK) },
      fails: [...OF_STORES, 'UnknownStage'],
    },
  },
};
