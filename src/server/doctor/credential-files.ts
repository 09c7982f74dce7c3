/** A place below the home where a program keeps a login. */
interface CredentialFile {
  readonly path: string
  readonly what: string
  readonly fix: string
  /** The file is one only where its text says so; absent = always. */
  readonly when?: RegExp
}

const BOX = 'start agents with `remit run`, which does not show it to them'

/** Where command lines log in, and how to be without it. */
export const CREDENTIAL_FILES: readonly CredentialFile[] = [
  { path: '.aws/credentials', what: 'AWS keys', fix: `use \`aws sso login\` for short sessions, or ${BOX}` },
  { path: '.aws/sso/cache', what: 'AWS session', fix: `\`aws sso logout\`, or ${BOX}` },
  {
    path: '.config/gcloud/application_default_credentials.json',
    what: 'Google Cloud login of programs',
    fix: `\`gcloud auth application-default revoke\`, or ${BOX}`,
  },
  {
    path: '.config/gcloud/credentials.db',
    what: 'Google Cloud login',
    fix: `\`gcloud auth revoke --all\`, or ${BOX}`,
  },
  { path: '.azure/msal_token_cache.json', what: 'Azure login', fix: `\`az logout\`, or ${BOX}` },
  { path: '.azure/accessTokens.json', what: 'Azure login', fix: `\`az logout\`, or ${BOX}` },
  {
    path: '.config/gh/hosts.yml',
    what: 'GitHub login (`gh`)',
    fix: `give agents GitHub through the gateway and \`gh auth logout\`, or ${BOX}`,
  },
  {
    path: '.config/glab-cli/config.yml',
    what: 'GitLab login (`glab`)',
    fix: `\`glab auth logout\`, or ${BOX}`,
    when: /^\s*token:\s*\S/m,
  },
  {
    path: '.npmrc',
    what: 'npm login',
    fix: `\`npm logout\`, or ${BOX}`,
    when: /_auth(?:Token)?\s*=|_password\s*=/i,
  },
  {
    path: '.yarnrc.yml',
    what: 'Yarn login',
    fix: `\`yarn npm logout\`, or ${BOX}`,
    when: /npmAuth(?:Token|Ident)/,
  },
  {
    path: '.pypirc',
    what: 'PyPI login',
    fix: `publish from CI with trusted publishing, or ${BOX}`,
    when: /password\s*[=:]/i,
  },
  { path: '.cargo/credentials.toml', what: 'crates.io login', fix: `\`cargo logout\`, or ${BOX}` },
  { path: '.cargo/credentials', what: 'crates.io login', fix: `\`cargo logout\`, or ${BOX}` },
  {
    path: '.kube/config',
    what: 'Kubernetes login',
    fix: `keep clusters in a file of their own (\`KUBECONFIG\`), or ${BOX}`,
  },
  {
    path: '.docker/config.json',
    what: 'registry login of Docker',
    fix: `\`docker logout\`, or ${BOX}`,
    when: /"auth"\s*:\s*"|"identitytoken"|"credsStore"|"credHelpers"/,
  },
  {
    path: '.netrc',
    what: 'passwords of hosts',
    fix: `take out what agents do not need, or ${BOX}`,
    when: /\bpassword\s/,
  },
  { path: '.git-credentials', what: 'passwords of git', fix: `use a credential helper that asks, or ${BOX}` },
  {
    path: '.gitconfig',
    what: 'credential helper of git',
    fix: `it gives what it has to whoever runs git; ${BOX}`,
    when: /^\s*helper\s*=\s*\S/m,
  },
  {
    path: '.config/git/config',
    what: 'credential helper of git',
    fix: `it gives what it has to whoever runs git; ${BOX}`,
    when: /^\s*helper\s*=\s*\S/m,
  },
  {
    path: '.terraform.d/credentials.tfrc.json',
    what: 'Terraform login',
    fix: `\`terraform logout\`, or ${BOX}`,
  },
  { path: '.vault-token', what: 'Vault token', fix: `\`vault token revoke -self\`, or ${BOX}` },
  { path: '.pgpass', what: 'passwords of PostgreSQL', fix: BOX },
  { path: '.config/doctl/config.yaml', what: 'DigitalOcean login', fix: `\`doctl auth remove\`, or ${BOX}` },
  { path: '.fly/config.yml', what: 'Fly.io login', fix: `\`fly auth logout\`, or ${BOX}`, when: /token/ },
]
