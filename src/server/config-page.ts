import { ENVIRONMENT_KEYS } from './config-environment.ts'
import { configJsonSchema, type SchemaNode } from './config-keys.ts'

const HEAD = `# Configuration

<!-- Made by \`node scripts/generate-config-docs.ts\` from \`src/server/config-schema.ts\`; do not edit by hand. -->

One file, \`remit.yaml\`, in the folder where \`remit\` is started, or wherever \`--config\` or \`REMIT_CONFIG\` points. Every
key is optional. Unknown and repeated keys are refused, and every error is listed with line and column. Relative paths
start from the file's folder. Durations are written as \`45s\`, \`15m\`, \`2h\`, \`7d\`; sizes as \`256KiB\`, \`4MiB\`.

\`\`\`yaml
humans:
  - id: alice
    roles: [member]
  - id: mona
    roles: [maintainer]
workflows:
  fix-tests:
    description: make failing tests pass
    ceiling: { paths: ["src/**", "test/**"] }
    lifetime: 2h
servers:
  files:
    command: mcp-server-filesystem
    args: [/home/alice/project]
    fileSystem: shared
    catalogue: filesystem
  tracker:
    url: https://tracker.example/mcp
    headers: { Authorization: Bearer secret:tracker }
\`\`\`

A value of \`env\` or \`headers\` may be \`secret:name\`, with a scheme before it where one is needed (\`Bearer secret:name\`).
The secret is read from \`<state>/secrets/name\` (mode 0600) or, where there is no such file, from \`REMIT_SECRET_NAME\`. It
appears in no log, status, record or error.

A plane that listens off loopback needs \`tls\` or \`trustedProxies\`, and the URL under which clients reach it; without
them the gateway refuses to start.

## Environment

| variable | outranks |
|---|---|
`

const TAIL_VARIABLES = `| \`REMIT_CONFIG\` | the place of the file |
| \`REMIT_APPROVER\` | approver codes: \`human:code\`, several separated by commas; for commands, the code to present |
| \`REMIT_SECRET_<NAME>\` | a secret that has no file |
| \`REMIT_TENANT_<NAME>__APPROVER\`, \`…__SECRET_<NAME>\` | the same of one of \`tenants\`; for commands, \`REMIT_TENANT\` says which one is meant |
`

/** The whole of `docs/config.md`. */
export function configPage(): string {
  const variables = Object.entries(ENVIRONMENT_KEYS).map(
    ([variable, path]) => `| \`${variable}\` | \`${path.join('.')}\` |\n`,
  )
  const rows = rowsOf(configJsonSchema(), '').map(
    ([key, type, initial, text]) => `| \`${key}\` | ${type} | ${initial} | ${text} |\n`,
  )
  return `${HEAD}${variables.join('')}${TAIL_VARIABLES}
## Keys

| key | value | default | meaning |
|---|---|---|---|
${rows.join('')}`
}

type Row = readonly [key: string, type: string, initial: string, text: string]

function rowsOf(node: SchemaNode, prefix: string): readonly Row[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    const key = prefix === '' ? name : `${prefix}.${name}`
    return [
      [key, typeText(child), initialText(child), child.description ?? ''] as const,
      ...below(child, key),
    ]
  })
}

/** Rows of what a mapping or a list holds, under `<name>` or `[]`. */
function below(node: SchemaNode, key: string): readonly Row[] {
  if (node.properties !== undefined) return rowsOf(node, key)
  if (typeof node.additionalProperties === 'object') return rowsOf(node.additionalProperties, `${key}.<name>`)
  return node.items?.properties === undefined ? [] : rowsOf(node.items, `${key}[]`)
}

const FEW = 10

function typeText(node: SchemaNode): string {
  if (node.enum !== undefined) {
    if (node.enum.length > FEW) return 'a word of the closed vocabulary'
    return node.enum.map((word) => `\`${String(word)}\``).join(', ')
  }
  if (node.type === 'array') return `list of ${node.items === undefined ? 'values' : typeText(node.items)}`
  if (node.type === 'object') return 'mapping'
  if (node.type === 'integer') return 'number'
  return node.format ?? (node.type === 'string' ? 'text' : (node.type ?? 'text'))
}

function initialText(node: SchemaNode): string {
  const { default: initial } = node
  if (initial === undefined || initial === '' || node.type === 'object') return ''
  return `\`${typeof initial === 'string' ? initial : JSON.stringify(initial)}\``
}
