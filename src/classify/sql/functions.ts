/**
 * Functions of PostgreSQL that only compute. Any other function may write, connect or run code, as those of the server
 * (`pg_read_file`, `lo_export`, `dblink`, `set_config`, `pg_terminate_backend`, `query_to_xml`) and those that
 * somebody defined do, so that a call of it is not understood.
 */
const NAMES = `
abs acos age any_value array_agg array_append array_cat array_dims array_fill array_length array_lower array_ndims
array_position array_positions array_prepend array_remove array_replace array_to_json array_to_string array_upper ascii
asin atan atan2 avg bit_and bit_length bit_or bool_and bool_or btrim cardinality cbrt ceil ceiling char_length
character_length chr clock_timestamp coalesce col_description concat concat_ws convert_from convert_to corr cos cosh cot
count covar_pop covar_samp cume_dist current_catalog current_database current_date current_query current_role
current_schema current_schemas current_time current_timestamp current_user date date_bin date_part date_trunc decode
degrees dense_rank div encode every exp extract factorial first_value float4 float8 floor format format_type gcd
gen_random_uuid generate_series generate_subscripts greatest has_column_privilege has_database_privilege
has_schema_privilege has_table_privilege host initcap int2 int4 int8 isfinite json_agg json_array_elements
json_array_elements_text json_array_length json_build_array json_build_object json_each json_each_text
json_extract_path json_extract_path_text json_object json_object_agg json_object_keys json_populate_record
json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_typeof jsonb_agg jsonb_array_elements
jsonb_array_elements_text jsonb_array_length jsonb_build_array jsonb_build_object jsonb_each jsonb_each_text
jsonb_extract_path jsonb_extract_path_text jsonb_insert jsonb_object jsonb_object_agg jsonb_object_keys
jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array jsonb_path_query_first
jsonb_populate_record jsonb_pretty jsonb_set jsonb_strip_nulls jsonb_to_record jsonb_to_recordset jsonb_typeof
justify_days justify_hours justify_interval lag last_value lcm lead least left length ln localtime localtimestamp log
log10 lower lower_inc lower_inf lpad ltrim make_date make_interval make_time make_timestamp make_timestamptz max md5
min mod mode nextafter normalize now nth_value ntile nullif num_nonnulls num_nulls numeric obj_description octet_length
overlaps overlay parse_ident percent_rank percentile_cont percentile_disc pg_column_size pg_database_size
pg_get_constraintdef pg_get_expr pg_get_functiondef pg_get_indexdef pg_get_keywords pg_get_serial_sequence
pg_get_userbyid pg_get_viewdef pg_indexes_size pg_postmaster_start_time pg_relation_size pg_size_pretty
pg_table_is_visible pg_table_size pg_total_relation_size pg_typeof phraseto_tsquery pi plainto_tsquery position power
quote_ident quote_literal quote_nullable radians random rank regexp_count regexp_instr regexp_like regexp_match
regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table regexp_substr regr_slope repeat replace
reverse right round row_number row_to_json rpad rtrim scale session_user sha224 sha256 sha384 sha512 shobj_description
sign sin sinh split_part sqrt starts_with statement_timestamp stddev stddev_pop stddev_samp string_agg string_to_array
string_to_table strpos substr substring sum tan tanh text timeofday timezone to_ascii to_char to_date to_hex to_json to_jsonb
to_number to_regclass to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim trim_array trunc
ts_headline ts_rank ts_rank_cd tsvector_to_array unistr unnest upper user uuid var_pop var_samp variance version
websearch_to_tsquery width_bucket xmlagg
`

const PURE: ReadonlySet<string> = new Set(NAMES.split(/\s+/).filter((name) => name !== ''))

/** @param parts the name as it is written, schema first. */
export function isPure(parts: readonly string[]): boolean {
  const [first = '', second] = parts
  if (second === undefined) return PURE.has(first)
  return parts.length === 2 && first === 'pg_catalog' && PURE.has(second)
}
