import { z } from 'zod'
import { CONFIGURABLE_LABELS, LABELLED } from '../classify/configured-labels.ts'
import { USUAL_FORGES } from '../classify/repository/forge-hosts.ts'
import { isServerKey } from '../core/ids.ts'
import { lookAlikes } from '../classify/definitions/company.ts'
import { authzenSchema } from './config-authzen-schema.ts'
import { custodySchema } from './config-custody-schema.ts'
import { loginSchema } from './config-login-schema.ts'
import { serverSchema } from './config-server-schema.ts'
import { exportsSchema } from './config-exports-schema.ts'
import { notifySchema } from './config-notify-schema.ts'
import { ledgerSchema } from './config-ledger-schema.ts'
import { hooksSchema } from './config-hooks-schema.ts'
import { oauthSchema } from './config-oauth-schema.ts'
import { tlsSchema } from './config-tls-schema.ts'
import { virtualServerSchema } from './config-virtual-schema.ts'
import { whyReservedKey } from './reserved-server-keys.ts'
import { tenantsSchema } from './config-tenants-schema.ts'
import { reviewSchema } from './config-review-schema.ts'
import { storedCredentialSchema, workflowSchema } from './config-workflow-schema.ts'
import { workloadSchema } from './config-workload-schema.ts'
import { address, duration, hostName, instant, size, webUrl, word } from './config-fields.ts'

const count = z.int().min(1)

const humanSchema = z.strictObject({
  id: word.meta({ description: 'Name of the person, as records and approvals show it.' }),
  teams: z.array(word).default([]).meta({ description: 'Teams that policies name as `Team::"…"`.' }),
  roles: z.array(word).default([]).meta({
    description:
      '`admin`, `approver`, `auditor`, `member`, `maintainer` (docs/roles.md), and words that `@consent_by` may ask for.',
  }),
  slack: z
    .string()
    .regex(/^[UW][A-Z0-9]{2,30}$/, 'must be the id of a member, like `U0123456789`')
    .optional()
    .meta({ description: 'Id of who they are in Slack: docs/slack.md.' }),
})

const patterns = z.array(z.string().min(1).max(500)).min(1)

const labelSchema = z
  .strictObject({
    label: z.enum(CONFIGURABLE_LABELS).meta({ description: 'What the things are.' }),
    paths: patterns.optional().meta({ description: 'Files and folders, as paths in the workspace.' }),
    hosts: patterns.optional().meta({ description: 'Names of hosts.' }),
    urls: patterns.optional().meta({ description: 'URLs, with their scheme.' }),
    databases: patterns.optional().meta({ description: 'Databases.' }),
    tables: patterns.optional().meta({ description: 'Tables, with or without their schema.' }),
    clusters: patterns
      .optional()
      .meta({ description: 'Contexts of kubectl, profiles and projects of clouds.' }),
    branches: patterns.optional().meta({ description: 'Branches and tags.' }),
    servers: patterns.optional().meta({ description: 'MCP servers, by key: all that they reach.' }),
  })
  .refine(
    (rule) => LABELLED.some((kind) => rule[kind] !== undefined),
    `must have one of ${LABELLED.map((kind) => `\`${kind}\``).join(', ')}`,
  )

const observeSchema = z
  .strictObject({
    policy: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._/-]*$/, 'must be the id of a policy of a pack')
      .optional()
      .meta({ description: 'Id of one `forbid`.' }),
    workflow: word.optional().meta({ description: 'Everything for tasks of this workflow.' }),
    tenant: word.optional().meta({ description: 'Everything for this tenant.' }),
    until: instant.meta({ description: 'When the rules are enforced again.' }),
  })
  .refine(
    ({ policy, workflow, tenant }) =>
      [policy, workflow, tenant].filter((each) => each !== undefined).length === 1,
    'must name one of `policy`, `workflow` and `tenant`',
  )

/** `remit.yaml`, whole. Every key is optional; `docs/config.md` is generated from the descriptions here. */
export const configSchema = z.strictObject({
  listen: z
    .strictObject({
      agent: address('127.0.0.1:7410').meta({ description: 'Where agents reach the gateway.' }),
      admin: address('localhost:7411').meta({ description: 'Where people and `remit` reach it.' }),
    })
    .prefault({})
    .meta({ description: 'Addresses that the two planes listen on. Port 0 takes any free one.' }),
  publicUrl: webUrl.optional().meta({
    description:
      'URL under which agents know the gateway; the audience of every token. Default: from `listen.agent`.',
  }),
  adminUrl: webUrl
    .optional()
    .meta({ description: 'URL under which people know the admin plane. Default: from `listen.admin`.' }),
  tls: tlsSchema.optional().meta({
    description: 'Certificate for both planes; one on loopback whose URL is http: is served without.',
  }),
  trustedProxies: z
    .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], 'must be an IP address or a CIDR range'))
    .default([])
    .meta({ description: 'Addresses or CIDR ranges of proxies that end TLS. No other peer is served.' }),
  state: z
    .string()
    .min(1)
    .default('.remit')
    .meta({ description: 'Folder of ledger, keys and secrets, made with mode 0700.' }),
  store: z
    .string()
    .refine(isDatabase, 'must be `sqlite` or a URL like `postgres://user@host/database`')
    .default('sqlite')
    .meta({
      description:
        'Where ledger, tasks and approvals are kept: `sqlite` in the state folder, or a PostgreSQL database that several gateways share. Its password is best in `PGPASSWORD` or `~/.pgpass`.',
    }),
  ledger: ledgerSchema.prefault({}).meta({
    description:
      'What is kept of the records, how silence shows, and where copies of checkpoints go: docs/ledger.md.',
  }),
  keys: custodySchema.prefault({}).meta({
    description: 'Where the gateway’s own keys lie: docs/keys.md. Read at start.',
  }),
  tenant: word.default('default').meta({ description: 'Tenant that everything recorded belongs to.' }),
  tenants: tenantsSchema
    .default({})
    .meta({ description: 'Tenants beside this one, by name, each apart in everything: docs/tenants.md.' }),
  policies: z
    .array(z.string().min(1))
    .min(1)
    .default(['default'])
    .meta({ description: 'Folders of Cedar policies. `default` is the pack that comes with Remit.' }),
  loosening: z.enum(['allowed', 'second-person']).default('allowed').meta({
    description:
      'Whether a change that may loosen policies, observe more or add to servers while the gateway runs takes effect at once, or waits for a second person (`remit policy accept`). Read at start.',
  }),
  observe: z.array(observeSchema).default([]).meta({
    description:
      'Rules that are only observed: calls are let through, and the record says what would have been done. Never Remit’s own rules nor those marked `@always`. Followed while the gateway runs; what cannot be read enforces everything.',
  }),
  labels: z.array(labelSchema).default([]).meta({
    description:
      'Labels beside those that Remit gives: everything that a pattern names carries the label too. `*` is any run without `/`, `**` any run. Nothing takes a label away.',
  }),
  humans: z.array(humanSchema).default([]).meta({
    description:
      'People who delegate and approve; the first owns the credential on disk. Followed while the gateway runs. Default: the OS user as `maintainer`.',
  }),
  login: loginSchema.prefault({}).meta({ description: 'How people log in to the pages of the admin plane.' }),
  workflows: z.record(word, workflowSchema).default({}).meta({
    description:
      'Kinds of work that a task may be for, by name. Followed while the gateway runs. Default: `code`, `fix-tests`, `review`.',
  }),
  workloads: z.record(word, workloadSchema).default({}).meta({
    description:
      'Processes that prove themselves by a token of their CI, cluster or SPIFFE, and the tasks that they may begin: docs/workloads.md. Followed while the gateway runs.',
  }),
  storedCredential: storedCredentialSchema.prefault({}).meta({
    description: 'What the credential on disk may delegate: an agent that runs as the same user can read it.',
  }),
  servers: z
    .record(
      z
        .string()
        .refine(
          (key: string): boolean => isServerKey(key),
          'must be lower-case letters, digits and `-`, at most 32 of them',
        ),
      serverSchema,
    )
    .check(({ value, issues }) => {
      for (const key of Object.keys(value)) {
        const taken = whyReservedKey(key)
        if (taken === undefined) continue
        const message = `${taken}; give it another key`
        issues.push({ code: 'custom', path: [key], message, input: value, params: { key: true } })
      }
      for (const [key, twin] of lookAlikes(Object.keys(value))) {
        const message = `cannot be told from \`${twin}\`; give one of them another key`
        issues.push({ code: 'custom', path: [key], message, input: value, params: { key: true } })
      }
    })
    .default({})
    .meta({
      description:
        'MCP servers behind the gateway, by key; tools are listed as `key__tool`. Followed while the gateway runs, as `virtualServers` is.',
    }),
  virtualServers: z
    .record(
      z
        .string()
        .refine(
          (key: string): boolean => isServerKey(key),
          'must be lower-case letters, digits and `-`, at most 32 of them',
        ),
      virtualServerSchema,
    )
    .default({})
    .meta({ description: 'Selections of what the servers offer, each served at `/mcp/<key>`.' }),
  forges: z
    .array(hostName)
    .default([...USUAL_FORGES])
    .meta({
      description:
        'Hosts whose repositories are known as `owner/name`, in lower case; those of others as `host/path`. Two hosts here share their names: list only those on which a name means the same owner.',
    }),
  consent: z
    .strictObject({
      hold: duration('45s').meta({ description: 'How long a call is held open for a decision.' }),
      expires: duration('15m').meta({
        description: 'The longest that a request waits and a grant lasts; `@timeout` of a rule can say less.',
      }),
      deputies: duration('30d')
        .refine((ms) => ms <= 366 * 86_400_000, 'must be 366d at most')
        .meta({ description: 'Longest that an approver may name a deputy for.' }),
    })
    .prefault({})
    .meta({ description: 'Asking people.' }),
  hooks: hooksSchema.prefault({}).meta({
    description: 'Deciding the tools that agents have of their own, at their hooks: docs/hooks.md.',
  }),
  authzen: authzenSchema.prefault({}).meta({
    description:
      'Deciding for applications and agent frameworks that ask by AuthZEN: docs/authzen.md. Read at start.',
  }),
  review: reviewSchema.prefault({}).meta({
    description:
      'Looking back regularly at what was denied, approved and given: docs/review.md. Read at start.',
  }),
  notify: notifySchema.prefault({}).meta({
    description:
      'Telling people of requests for consent beside the console: docs/notifications.md. Read at start.',
  }),
  exports: exportsSchema.default({}).meta({
    description: 'Places that the ledger is streamed to, by name: docs/export.md. Read at start.',
  }),
  limits: z
    .strictObject({
      body: size('4MiB').meta({ description: 'Largest request body.' }),
      adminBody: size('256KiB').meta({ description: 'Largest request body on the admin plane.' }),
      connections: count.default(1024).meta({ description: 'Connections that a plane serves at a time.' }),
    })
    .prefault({})
    .meta({ description: 'Limits that keep one client from starving the others.' }),
  oauth: oauthSchema.prefault({}).meta({ description: 'Tokens that the gateway gives. `docs/oauth.md`.' }),
  proofs: z
    .strictObject({
      nonce: z.enum(['on-skew', 'required', 'per-replica']).default('on-skew').meta({
        description:
          'Whether a proof of a key (DPoP) needs a nonce of the gateway: only where clocks differ; always; or always one of the very replica that takes it, so that none is good at two of them.',
      }),
    })
    .prefault({})
    .meta({ description: 'Proofs that the sender of a request holds the key of its token.' }),
  metrics: z
    .strictObject({
      access: z
        .enum(['credential', 'loopback'])
        .default('credential')
        .meta({ description: '`loopback` lets anything on this machine read `/metrics`.' }),
    })
    .prefault({})
    .meta({ description: 'Prometheus metrics on the admin plane.' }),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error'])
        .default('info')
        .meta({ description: 'Least level written.' }),
      format: z
        .enum(['auto', 'json', 'pretty'])
        .default('auto')
        .meta({ description: '`auto` is pretty on a terminal and JSON elsewhere.' }),
    })
    .prefault({})
    .meta({ description: 'Log on standard error. It never holds tokens, arguments or results.' }),
  shutdown: z
    .strictObject({ grace: duration('10s').meta({ description: 'How long open calls may finish.' }) })
    .prefault({})
    .meta({ description: 'Stopping.' }),
})

export type Config = z.infer<typeof configSchema>
export type ServerConfig = Config['servers'][string]

function isDatabase(text: string): boolean {
  return text === 'sqlite' || (/^postgres(?:ql)?:\/\/[^/]/.test(text) && URL.canParse(text))
}
