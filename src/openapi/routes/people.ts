import { z } from 'zod';
import { empty, json, type Operation, type Routes } from '../document/description.js';
import { OF_CHANGING, OF_STORES } from '../document/error-groups.js';
import { ROLE, ROLES, MEMBERS, STAGE_GRANTS, USER, USERS } from '../schemas/people.js';

const OPTIONS = {
  default_role: 'Empty for none.',
  default_warehouse: 'Empty for none.',
  disabled: 'A disabled user is out at once.',
  must_change_password: 'Until the user has done so, every other route is 403.',
};
const OF_USERS = [
  ...OF_CHANGING,
  'InvalidUserName',
  'InvalidUserOption',
  'InvalidPassword',
  'PasswordNeeded',
  'BuiltInUser',
  'UnknownRole',
  'LastAdministrator',
  'ServerBusy',
  'TooManyAttempts',
] as const;

export const USER_ROUTES: Routes = {
  tag: 'Users',
  description: 'Who may come in.',
  operations: {
    'GET /v1/users': {
      id: 'listUsers',
      summary: 'Shows the users that the caller may see.',
      answers: { 200: json('The users.', USERS) },
    },
    'POST /v1/users': {
      id: 'saveUser',
      summary: 'Creates a user, or changes the one of that name.',
      description:
        'Of a user who is there, fields that are left out stay as they are, and `roles` are added.',
      body: {
        id: 'SavedUser',
        fields: {
          name: 'Unique.',
          hostname: '`%`, or nothing.',
          auth_type: 'Whatever it is, the password is stored as argon2id.',
          auth_string: 'The password.',
          roles: 'Names of roles to grant.',
          grant_all: 'True grants every privilege on `*.*`, which does not make an administrator.',
          ...OPTIONS,
        },
        examples: [{ name: 'bob', auth_string: 'correct horse battery', roles: ['lab'] }],
      },
      answers: { 200: json('Done.', z.null()) },
      fails: [...OF_USERS, 'IllegalGrant', 'InvalidRole'],
    },
    'GET /v1/users/{name}': {
      id: 'getUser',
      summary: 'Shows a user.',
      answers: { 200: json('The user.', USER) },
      fails: ['UnknownUser', 'InvalidUserName'],
    },
    'PATCH /v1/users/{name}': {
      id: 'changeUser',
      summary: 'Changes a user.',
      description: 'A new password ends the sessions and the presigned URLs of the user.',
      body: {
        id: 'UserChange',
        fields: { password: 'The new password.', auth_type: 'How the user signs in.', ...OPTIONS },
        examples: [{ default_role: 'lab' }],
      },
      answers: { 200: json('The user as it is now.', USER) },
      fails: [...OF_USERS, 'UnknownUser'],
    },
    'DELETE /v1/users/{name}': {
      id: 'dropUser',
      summary: 'Drops a user.',
      query: {
        files: 'What becomes of the files in the own stage; without it, files are 409.',
        to: 'With `files=give`: who gets them.',
      },
      answers: { 204: empty('The user is gone.') },
      fails: [
        ...OF_USERS,
        ...OF_STORES,
        'UnknownUser',
        'UserHasFiles',
        'RemovalIncomplete',
        'NameConflict',
        'InvalidFileName',
      ],
    },
    'PUT /v1/password': {
      id: 'changePassword',
      summary: "Changes the caller's own password.",
      body: {
        id: 'NewPassword',
        fields: { password: 'The new password.' },
        examples: [{ password: 'correct horse battery' }],
      },
      answers: { 204: empty('The password is the new one.') },
      fails: OF_USERS,
    },
  },
};

const ROLE_TEXT = { name: 'Unique.', comment: 'Up to 10,000 characters.' };
const OF_ROLES = [...OF_CHANGING, 'UnknownRole', 'BuiltInRole', 'InvalidRoleName', 'InvalidRole'] as const;
const GRANTING: Pick<Operation, 'answers' | 'fails'> = {
  answers: { 204: empty('It is so, and may have been before.') },
  fails: [
    ...OF_ROLES,
    'UnknownUser',
    'UnknownRoute',
    'IllegalGrant',
    'BuiltInUser',
    'LastAdministrator',
    'InvalidUserName',
  ],
};

export const ROLE_ROUTES: Routes = {
  tag: 'Roles',
  description: 'What users have privileges by.',
  operations: {
    'GET /v1/roles': {
      id: 'listRoles',
      summary: 'Shows the roles that the caller has; to administrators, all.',
      answers: { 200: json('The roles.', ROLES) },
    },
    'POST /v1/roles': {
      id: 'createRole',
      summary: 'Creates a role.',
      body: {
        id: 'NewRole',
        fields: { ...ROLE_TEXT, if_not_exists: 'A taken name is no error: the answer is that role.' },
        examples: [{ name: 'analysts', comment: 'read reports' }],
      },
      answers: { 200: json('The role that was there already.', ROLE), 201: json('The new role.', ROLE) },
      fails: [...OF_ROLES, 'RoleAlreadyExists'],
    },
    'GET /v1/roles/{name}': {
      id: 'getRole',
      summary: 'Shows a role.',
      answers: { 200: json('The role.', ROLE) },
      fails: ['UnknownRole', 'InvalidRoleName'],
    },
    'PATCH /v1/roles/{name}': {
      id: 'changeRole',
      summary: 'Changes the comment of a role.',
      body: {
        id: 'RoleChange',
        fields: { comment: 'Null clears it.' },
        examples: [{ comment: 'read reports' }],
      },
      answers: { 200: json('The role as it is now.', ROLE) },
      fails: OF_ROLES,
    },
    'DELETE /v1/roles/{name}': {
      id: 'dropRole',
      summary: 'Drops a role.',
      description: "What it has owned is the administrators'.",
      answers: { 204: empty('The role is gone.') },
      fails: [...OF_ROLES, 'LastAdministrator'],
    },
    'GET /v1/roles/{name}/members': {
      id: 'listMembers',
      summary: 'Shows whom a role is granted to.',
      answers: { 200: json('Users and roles.', MEMBERS) },
      fails: ['UnknownRole', 'InvalidRoleName'],
    },
    'PUT /v1/roles/{name}/members/{kind}/{member}': {
      id: 'grantRole',
      summary: 'Grants a role to a user or a role.',
      ...GRANTING,
    },
    'DELETE /v1/roles/{name}/members/{kind}/{member}': {
      id: 'revokeRole',
      summary: 'Revokes a role.',
      ...GRANTING,
    },
  },
};

export const GRANT_ROUTES: Routes = {
  tag: 'Grants',
  description: 'Who may use a stage. Privileges on `*.*` are granted by SQL.',
  operations: {
    'GET /v1/stages/{name}/grants': {
      id: 'listStageGrants',
      summary: 'Shows who may use a stage.',
      answers: { 200: json('The owner, and who has privileges.', STAGE_GRANTS) },
      fails: ['UnknownStage'],
    },
    'PUT /v1/stages/{name}/grants/{kind}/{grantee}': {
      id: 'grantStage',
      summary: 'Grants exactly these privileges on a stage.',
      body: {
        id: 'StageGrant',
        fields: { privileges: 'These and no others. None take all.' },
        examples: [{ privileges: ['READ'] }],
      },
      ...GRANTING,
      fails: [...(GRANTING.fails ?? []), 'UnknownStage'],
    },
    'DELETE /v1/stages/{name}/grants/{kind}/{grantee}': {
      id: 'revokeStage',
      summary: 'Takes all privileges on a stage.',
      ...GRANTING,
      fails: [...(GRANTING.fails ?? []), 'UnknownStage'],
    },
    'PUT /v1/stages/{name}/owner': {
      id: 'giveStage',
      summary: 'Gives a stage to another role.',
      body: {
        id: 'StageOwner',
        fields: { role: 'The new owner.' },
        examples: [{ role: 'lab' }],
      },
      answers: { 204: empty('The role owns it.') },
      fails: [...OF_ROLES, 'UnknownStage', 'IllegalGrant'],
    },
  },
};
