import type { InfraTool } from './infra.ts'

/** kubectl 1.34, Helm 3, Terraform 1.13, Docker 28, the clouds' command lines, and the usual platforms. */
export const INFRA_TOOLS: Readonly<Record<string, InfraTool>> = {
  kubectl: {
    target: /^(--context|--kubeconfig|--cluster|-s|--server)(=|$)/,
    offline: /^(explain|options|version|config (current-context|get-contexts))\b/,
    risky: /^(--kubeconfig|-s|--server|--token|--as|--plugin|--raw)/,
    rows: [
      [
        /^(get|describe|edit|delete|patch|create) (secrets?|sealedsecrets?)\b|^(get|describe) .*\bsecrets?\b/,
        'secret.read',
      ],
      [
        /^(get|describe|explain|logs|top|version|api-resources|api-versions|cluster-info|diff|events|wait|options|rollout (status|history)|config (view|current-context|get-contexts)|auth (can-i|whoami))\b/,
        'infra.read',
      ],
      [/^(exec|attach|cp|run|debug|port-forward|proxy)\b/, 'infra.execute'],
      [/^(delete|drain|rollout undo)\b/, 'infra.delete'],
      [
        /^(apply|create|replace|patch|edit|scale|autoscale|set|label|annotate|expose|cordon|uncordon|taint|rollout|certificate|config)\b/,
        'infra.write',
      ],
    ],
  },
  helm: {
    target: /^(--kube-context|--kubeconfig)(=|$)/,
    offline: /^(env|lint|template|search|repo list)\b/,
    risky: /^(--post-renderer|--kubeconfig)/,
    rows: [
      [
        /^(list|ls|status|history|show|search|version|env|repo list|lint|template|get (?!values))\b/,
        'infra.read',
      ],
      [/^(uninstall|delete|rollback)\b/, 'infra.delete'],
      [/^(install|upgrade)\b/, 'deploy.run', 'infra.write'],
    ],
  },
  terraform: {
    target: /^(-chdir|-state)(=|$)/,
    // What a plan compares with, the folder's own files say; it runs the providers that they name.
    offline: /^(validate|fmt|providers|graph|plan|workspace (list|show))\b/,
    risky: /^-(chdir|plugin-dir|backend-config)/,
    rows: [
      [/^(version|validate|fmt|providers|graph|workspace (list|show))\b/, 'infra.read'],
      [/^plan\b/, 'infra.read', 'code.execute'],
      [/^(show|output|refresh|state (list|show|pull)|console)\b/, 'infra.read', 'infra.execute'],
      [/^(destroy|state (rm|mv|push)|workspace delete|taint)\b/, 'infra.delete'],
      [/^(apply|import)\b/, 'deploy.run', 'infra.write'],
      [/^(init|get|workspace)\b/, 'infra.execute'],
    ],
  },
  docker: {
    local: true,
    target: /^(-H|--host|--context|-c)(=|$)/,
    risky: /^(-H|--host|--context|-c$|--config)/,
    rows: [
      [
        /^(container |image |volume |network |system |compose )?(ps|ls|images|logs|top|stats|port|history|version|info|events|df|search|diff|list)\b/,
        'infra.read',
      ],
      [/^(container |image |volume |network )?inspect\b|^compose config\b/, 'infra.execute'],
      [/^(image )?pull\b/, 'package.add'],
      [/^(image )?push\b/, 'package.publish'],
      [
        /^(container |compose )?(run|exec|attach|cp|build|up|start|restart|create|buildx|load|import|commit)\b|^(builder|buildx)\b/,
        'infra.execute',
      ],
      [
        /^(container |image |volume |network |system |compose )?(rm|rmi|kill|prune|down|remove)\b/,
        'infra.delete',
      ],
      [/^(container |compose )?(stop|pause|unpause|rename|tag|update|wait)\b/, 'infra.write'],
      [/^(login|logout)\b/, 'secret.write'],
    ],
  },
  aws: {
    target: /^(--profile)(=|$)/,
    risky: /^(--endpoint-url|--ca-bundle)/,
    rows: [
      [
        /^(secretsmanager|sts (get-session-token|assume-role)|ssm get-param|kms decrypt|iam create-access-key|ecr get-login|configure (get|export))|get-secret|get-password|^eks get-token/,
        'secret.read',
      ],
      [/^iam (?!get|list)|^organizations (?!describe|list)/, 'account.administer'],
      [
        /^\S+ (describe|list|get|head|lookup|search|filter|batch-get|scan|query)[\w-]*|^s3 (ls|presign)|^sts get-caller-identity|^logs tail/,
        'infra.read',
      ],
      [
        /^\S+ (delete|terminate|remove|destroy|purge|deregister|disable)[\w-]*|^s3 (rm|rb|mv|sync)\b/,
        'infra.delete',
      ],
      [/^(ssm (start-session|send-command)|lambda invoke|ecs execute)/, 'infra.execute'],
      [/^configure\b/, 'secret.write'],
      [/^\S+ \S+/, 'infra.write'],
    ],
  },
  gcloud: {
    target: /^(--project|--configuration)(=|$)/,
    risky: /^--(impersonate|access-token-file|flags-file)/,
    rows: [
      [/^(auth (print|application)|secrets versions access)|get-credentials/, 'secret.read'],
      [/(add|set|remove)-iam-policy|^iam (?!list|.*describe)|service-accounts keys/, 'account.administer'],
      [/\b(list|describe|get-value|get|info|version|tail|read|get-iam-policy)\b/, 'infra.read'],
      [/\b(delete|remove|destroy|disable)\b/, 'infra.delete'],
      [/\b(ssh|scp|execute|call)\b/, 'infra.execute'],
      [/\bdeploy\b/, 'deploy.run', 'infra.write'],
      [/^\S+ \S+/, 'infra.write'],
    ],
  },
  az: {
    target: /^(--subscription)(=|$)/,
    rows: [
      [
        /^keyvault (secret|key|certificate)|get-access-token|keys list|list-keys|get-credentials/,
        'secret.read',
      ],
      [/^(role|ad) .*\b(create|delete|update|add)\b/, 'account.administer'],
      [/\b(list|show|get)\b/, 'infra.read'],
      [/\b(delete|purge|remove)\b/, 'infra.delete'],
      [/\b(run-command|exec|invoke|ssh)\b/, 'infra.execute'],
      [/^\S+ \S+/, 'infra.write'],
    ],
  },
  ...Object.fromEntries(
    [
      'op',
      'vault',
      'pass',
      'gopass',
      'bw',
      'doppler',
      'chamber',
      'security',
      'secret-tool',
      'sops',
      'infisical',
    ].map((name) => [
      name,
      {
        rows: [
          [/^(--version|version|status|help)$/, 'infra.read'],
          [/^.*/, 'secret.read'],
        ],
        local: true,
      } satisfies InfraTool,
    ]),
  ),
  ...Object.fromEntries(
    [
      'prisma',
      'drizzle-kit',
      'knex',
      'sequelize',
      'typeorm',
      'flyway',
      'liquibase',
      'alembic',
      'dbmate',
      'goose',
      'sqlx',
    ].map((name) => [
      name,
      {
        rows: [
          [/^(generate|validate|format|status|history|version|check|info)\b/, 'code.execute'],
          [/^.*/, 'sql.define', 'code.execute'],
        ],
      } satisfies InfraTool,
    ]),
  ),
  ...Object.fromEntries(
    [
      'claude',
      'codex',
      'gemini',
      'copilot',
      'cursor-agent',
      'opencode',
      'aider',
      'cline',
      'amp',
      'goose-ai',
      'qwen',
      'crush',
    ].map((name) => [
      name,
      {
        rows: [
          [/^(--version|version|help)$/, 'infra.read'],
          [/^(mcp|config|plugin|extensions?|settings|auth|login|setup-token)\b/, 'agent.configure'],
          [/^.*/, 'agent.delegate'],
        ],
        local: true,
      } satisfies InfraTool,
    ]),
  ),
  vercel: platform(),
  netlify: platform(),
  fly: platform(),
  flyctl: platform(),
  heroku: platform(),
  railway: platform(),
  wrangler: platform(),
  firebase: platform(),
  serverless: platform(),
  pulumi: platform(),
  cdk: platform(),
  ansible: platform(),
  'ansible-playbook': platform(),
  systemctl: {
    local: true,
    rows: [
      [/^(status|list-units|list-unit-files|is-active|is-enabled|show|cat)\b/, 'infra.read'],
      [/^\S+/, 'infra.execute'],
    ],
  },
  'redis-cli': {
    target: /^-(h|u)$/,
    rows: [
      [
        /^(get|ttl|keys|scan|info|ping|type|exists|llen|lrange|smembers|hgetall|hget|dbsize)\b/i,
        'infra.read',
      ],
      [/^(flushall|flushdb|del|unlink|shutdown)\b/i, 'infra.delete'],
      [/^(eval|evalsha|script|module|config|debug)\b/i, 'infra.execute'],
      [/^\S+/, 'infra.write'],
    ],
  },
}

function platform(): InfraTool {
  return {
    rows: [
      [/^(env|secrets?|variables|config) ?(pull|ls|list|show|get|decrypt)?|^auth|^login/, 'secret.read'],
      [/^(list|ls|logs?|status|whoami|inspect|preview|diff|plan|version|help)\b/, 'infra.read'],
      [/^(rm|remove|delete|destroy|down)\b/, 'infra.delete'],
      [/^.*/, 'deploy.run', 'infra.write'],
    ],
  }
}
