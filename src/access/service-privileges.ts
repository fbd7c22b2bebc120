/**
 * Databend's privileges on the service (`*.*`), in its words and in the order in which it shows them. `ALL` is all of them.
 * Those about tables, functions and others that this service does not have are kept and shown, and have no effect.
 */
export const SERVICE_PRIVILEGES = [
  'USAGE',
  'CREATE',
  'SELECT',
  'INSERT',
  'SET',
  'UPDATE',
  'DELETE',
  'DROP',
  'ALTER',
  'SUPER',
  'CREATE USER',
  'CREATE ROLE',
  'GRANT',
  'CREATE STAGE',
  'DROP ROLE',
  'DROP USER',
  'CREATE DATAMASK',
  'Read',
  'Write',
  'CREATE DATABASE',
  'CREATE WAREHOUSE',
  'CREATE CONNECTION',
  'ACCESS CONNECTION',
  'CREATE SEQUENCE',
  'ACCESS SEQUENCE',
  'CREATE PROCEDURE',
  'ACCESS PROCEDURE',
  'APPLY MASKING POLICY',
  'CREATE MASKING POLICY',
  'APPLY ROW ACCESS POLICY',
  'CREATE ROW ACCESS POLICY',
] as const;

export type ServicePrivilege = (typeof SERVICE_PRIVILEGES)[number];

/** Privileges that only a role may have, as in Databend: a user would own what it creates by them, without a role. */
export const FOR_ROLES_ONLY: ReadonlySet<ServicePrivilege> = new Set<ServicePrivilege>([
  'CREATE',
  'CREATE STAGE',
  'CREATE DATABASE',
  'CREATE WAREHOUSE',
  'CREATE CONNECTION',
  'CREATE SEQUENCE',
  'CREATE PROCEDURE',
  'CREATE MASKING POLICY',
  'CREATE ROW ACCESS POLICY',
]);
