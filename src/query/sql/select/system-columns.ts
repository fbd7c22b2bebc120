/** A column of a system table, with Databend's name of its type. */
export interface SystemColumn {
  readonly name: string;
  readonly type: string;
}

/** A column without a type is a String. A `?` after a type makes it Nullable. */
const TABLES: ReadonlyMap<string, string> = new Map([
  [
    'information_schema.columns',
    `table_catalog table_schema table_name column_name ordinal_position:UInt8 column_default:NULL column_comment
    column_key:NULL nullable:UInt8? is_nullable data_type column_type character_maximum_length:NULL
    character_octet_length:NULL numeric_precision:NULL numeric_precision_radix:NULL numeric_scale:NULL
    datetime_precision:NULL character_set_catalog:NULL character_set_schema:NULL character_set_name:NULL
    collation_catalog:NULL collation_schema:NULL collation_name:NULL domain_catalog:NULL domain_schema:NULL
    domain_name:NULL privileges:NULL default extra:NULL`,
  ],
  ['information_schema.keywords', 'keywords reserved:UInt8'],
  [
    'information_schema.schemata',
    `catalog_name schema_name schema_owner default_character_set_catalog:NULL default_character_set_schema:NULL
    default_character_set_name:NULL default_collation_name:NULL sql_path:NULL`,
  ],
  [
    'information_schema.tables',
    `table_catalog table_schema table_name table_type engine create_time:Timestamp drop_time:Timestamp?
    data_length:UInt64? index_length:UInt64? table_rows:UInt64? auto_increment:NULL table_collation:NULL data_free:NULL
    table_comment`,
  ],
  [
    'information_schema.views',
    `table_catalog table_schema table_name view_definition:NULL check_option is_updatable:UInt8
    is_insertable_into:Boolean is_trigger_updatable:UInt8 is_trigger_deletable:UInt8 is_trigger_insertable_into:UInt8`,
  ],
  [
    'system.columns',
    'name database table type data_type default_kind default_expression is_nullable comment',
  ],
  ['system.databases', 'catalog name database_id:UInt64 owner:String?'],
  ['system.functions', 'name is_aggregate:Boolean description syntax example'],
  ['system.settings', 'name value default range level description type'],
  [
    'system.tables',
    `catalog database database_id:UInt64 name table_id:UInt64 total_columns:UInt64 engine engine_full cluster_by is_transient
    is_attach created_on:Timestamp dropped_on:Timestamp? updated_on:Timestamp num_rows:UInt64? data_size:UInt64?
    data_compressed_size:UInt64? index_size:UInt64? bloom_index_size:UInt64? ngram_index_size:UInt64?
    inverted_index_size:UInt64? vector_index_size:UInt64? virtual_column_size:UInt64? number_of_segments:UInt64?
    number_of_blocks:UInt64? owner:String? comment table_type is_external:Boolean table_option storage_param`,
  ],
  [
    'system.views',
    `catalog database database_id:UInt64 name table_id:UInt64 engine engine_full created_on:Timestamp dropped_on:Timestamp?
    updated_on:Timestamp owner:String? comment view_query`,
  ],
]);

/** Returns Databend's columns of a table. @returns undefined for an unknown table. */
export function systemColumns(table: string): readonly SystemColumn[] | undefined {
  return TABLES.get(table)
    ?.split(/\s+/)
    .map((column) => {
      const [name = '', type = 'String'] = column.split(':');
      return { name, type: type.endsWith('?') ? `Nullable(${type.slice(0, -1)})` : type };
    });
}
