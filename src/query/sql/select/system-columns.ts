/** The columns of tables that tools select `*` from, as Databend 1.2.453 has them. */
const COLUMNS: ReadonlyMap<string, string> = new Map([
  [
    'information_schema.columns',
    `table_catalog table_schema table_name column_name ordinal_position column_default column_comment column_key
    nullable is_nullable data_type column_type character_maximum_length character_octet_length numeric_precision
    numeric_precision_radix numeric_scale datetime_precision character_set_catalog character_set_schema
    character_set_name collation_catalog collation_schema collation_name domain_catalog domain_schema domain_name
    privileges default extra`,
  ],
  ['information_schema.keywords', 'keywords reserved'],
  [
    'information_schema.schemata',
    `catalog_name schema_name schema_owner default_character_set_catalog default_character_set_schema
    default_character_set_name default_collation_name sql_path`,
  ],
  [
    'information_schema.tables',
    `table_catalog table_schema table_name table_type engine create_time drop_time data_length index_length table_rows
    auto_increment table_collation data_free table_comment`,
  ],
  [
    'information_schema.views',
    `table_catalog table_schema table_name view_definition check_option is_updatable is_insertable_into
    is_trigger_updatable is_trigger_deletable is_trigger_insertable_into`,
  ],
  [
    'system.columns',
    'name database table type data_type default_kind default_expression is_nullable comment',
  ],
  ['system.databases', 'catalog name database_id owner'],
  ['system.functions', 'name is_aggregate description syntax example'],
  ['system.roles', 'name inherited_roles'],
  ['system.settings', 'name value default range level description type'],
  [
    'system.tables',
    `catalog database name table_id engine engine_full cluster_by is_transient created_on dropped_on updated_on num_rows
    data_size data_compressed_size index_size number_of_segments number_of_blocks owner comment`,
  ],
  ['system.users', 'name hostname auth_type default_role is_configured disabled'],
]);

/** What `*` stands for; of a table that is not known, something that a client can show. */
export function systemColumns(table: string): readonly string[] {
  return (COLUMNS.get(table) ?? 'name').split(/\s+/);
}
