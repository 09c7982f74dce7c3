import type { LabelRow } from './glob-table.ts'

/** People whose records a project may hold; what makes data personal by GDPR art. 4 and HIPAA §160.103. */
const PEOPLE = [
  'customers',
  'clients',
  'users',
  'members',
  'patients',
  'employees',
  'subscribers',
  'contacts',
  'leads',
]
/** Forms in which tables leave a database. */
const EXPORTS = ['csv', 'tsv', 'xlsx', 'xls', 'parquet', 'avro', 'ndjson', 'jsonl']
const COMMON = ['customers', 'users', 'patients']

/**
 * Data of customers by the names that people give to exports, and dumps by those of the tools that write them
 * (pg_dump, mysqldump, mongodump, mail clients). Administrators add their own folders in policy.
 */
export const CUSTOMER_FILES: readonly LabelRow[] = [
  {
    label: 'customer-data',
    globs: [
      ...PEOPLE.flatMap((who) =>
        EXPORTS.flatMap((form) => [`${who}.${form}`, `*_${who}.${form}`, `*-${who}.${form}`]),
      ),
      ...COMMON.flatMap((who) =>
        ['csv', 'xlsx', 'parquet'].flatMap((form) => [`${who}_*.${form}`, `${who}-*.${form}`]),
      ),
      'dump.sql',
      '*_dump.sql',
      '*-dump.sql',
      'backup.sql',
      '*_backup.sql',
      '*-backup.sql',
      '*.sql.gz',
      '*.sql.bz2',
      '*.sql.zst',
      '*.pgdump',
      '*.bson',
      '*.mbox',
      '*.pst',
      'customer-data/**',
      'customer_data/**',
      'user-data/**',
      'user_data/**',
      'personal-data/**',
      'personal_data/**',
      'production-data/**',
      'prod-data/**',
      'pii/**',
      'phi/**',
      'gdpr-exports/**',
    ],
  },
]

/** Code and prose about customers, and made-up ones. */
export const NOT_CUSTOMERS: readonly string[] = [
  ...[
    'ts',
    'tsx',
    'js',
    'jsx',
    'mjs',
    'py',
    'go',
    'java',
    'kt',
    'rb',
    'rs',
    'cs',
    'php',
    'md',
    'mdx',
    'graphql',
    'proto',
  ].map((form) => `*.${form}`),
  ...['fixtures', '__fixtures__', 'testdata', 'mocks', '__mocks__', 'samples', 'examples'].flatMap((folder) =>
    EXPORTS.map((form) => `${folder}/*.${form}`),
  ),
  ...EXPORTS.flatMap((form) => [`*.sample.${form}`, `*.example.${form}`]),
]
