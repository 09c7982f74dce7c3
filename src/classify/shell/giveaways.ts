import type { Action } from '../../core/actions.ts'

/** Words of a command line that say what it does, whatever else is understood of the program. */
export interface Giveaway {
  /** Programs, separated by spaces; without = every program that is more than a reader. */
  readonly of?: string
  /** Words that follow one another. */
  readonly words: readonly RegExp[]
  readonly action: Action
}

const weakens = (of: string, ...words: readonly RegExp[]): Giveaway => ({
  of,
  words,
  action: 'control.weaken',
})

const GRADLE = 'gradle gradlew ./gradlew'
const MAVEN = 'mvn mvnw ./mvnw'
const SCANNERS =
  'trivy grype gitleaks snyk semgrep checkov tfsec bandit osv-scanner trufflehog hadolint kics terrascan golangci-lint govulncheck pip-audit'

/** pre-commit 4, Husky 9, Lefthook 2, Maven 3, Gradle 9, the usual linters and scanners, Linux and macOS. */
export const GIVEAWAYS: readonly Giveaway[] = [
  {
    words: [
      /^--(no-verify|exit-zero|soft-fail|skip-(tests?|checks?|hooks?|verification)|no-eslintrc|suppress-all|add-noqa|auto-gen-config|generate-baseline|write-baseline|disable-content-trust|insecure-ignore-[\w-]+)(=|$)/,
    ],
    action: 'control.weaken',
  },
  weakens(MAVEN, /^-D(skipTests|skipITs|skipUnitTests|[\w.-]+\.skip)(=true)?$/),
  weakens(GRADLE, /^(-x|--exclude-task)$/, /test|check|lint|verif|spotbugs|pmd|detekt|ktlint|sonar|audit/i),
  weakens(GRADLE, /^-x\S*(test|check|lint|verif)/i),
  weakens(SCANNERS, /^--(exit-code|issues-exit-code)=0$/),
  weakens(SCANNERS, /^--(exit-code|issues-exit-code)$/, /^0$/),
  weakens('snyk', /^ignore$/),
  weakens('cargo', /^(audit|deny)$/, /^--?(ignore|A)/),
  weakens('bandit', /^(-s|--skip)/),
  weakens('pylint flake8 ruff mypy rubocop', /^--(disable|ignore|except)=(all|ALL|E|F)$/),
  weakens('eslint', /^--rule$/, /\b(off|0)\b/),
  weakens('pre-commit husky lefthook overcommit simple-git-hooks', /^uninstall$/),
  weakens('setenforce', /^(0|permissive)$/i),
  weakens('ufw', /^(disable|reset)$/),
  weakens('auditctl', /^-(e|D)$/),
  weakens('aa-disable aa-complain aa-teardown', /./),
  weakens('csrutil', /disable/),
  weakens('spctl', /^--(master|global)-disable$/),
  weakens('iptables ip6tables', /^(-F|--flush|-X)$/),
  weakens('nft', /^flush$/),
  weakens(
    'systemctl service launchctl rc-service',
    /^(stop|disable|mask|unload|bootout)$/,
    /audit|firewall|ufw|apparmor|selinux|falco|crowdsec|fail2ban|clam|osquery|wazuh|ossec|sensor|mdatp/i,
  ),
  weakens(
    'kubectl oc k',
    /^delete$/,
    /^(networkpolic|netpol|(validating|mutating)webhook|validatingadmission|podsecurity|resourcequota|limitrange)/i,
  ),
  weakens('npm pnpm yarn', /^set$/, /^(audit|strict-ssl|ignore-scripts)=false$/),
  weakens('npm pnpm yarn', /^set$/, /^(audit|strict-ssl|ignore-scripts)$/, /^false$/),
  weakens('git', /^-c$/, /^(core\.hookspath|commit\.gpgsign|tag\.gpgsign|http\.\S*sslverify)(=|$)/i),
  weakens('git', /^core\.hookspath$/i, /^(\/dev\/null|\/tmp\b.*|)$/),
  weakens('git', /^--unset(-all)?$/, /^core\.hookspath$/i),
  weakens('git', /^(http\.(\S+\.)?sslverify|commit\.gpgsign)$/i, /^(false|no|off|0)$/i),
  { of: MAVEN, words: [/^(deploy|deploy:deploy\S*|release:perform)$/], action: 'package.publish' },
  { of: GRADLE, words: [/(^|:)(publish|uploadArchives|closeAndRelease)/], action: 'package.publish' },
  { of: 'twine', words: [/^upload$/], action: 'package.publish' },
  { of: 'dotnet', words: [/^nuget$/, /^push$/], action: 'package.publish' },
  {
    of: 'vsce ovsx lerna changeset semantic-release',
    words: [/^(publish|version)$/],
    action: 'package.publish',
  },
  { of: 'rails rake bin/rails', words: [/^db:(?!version|.*status)/], action: 'sql.define' },
  {
    of: 'php artisan python python3 mix',
    words: [/^(\.\/)?(artisan|manage\.py|ecto\.\w+)$/, /^(migrate|db:|flush|reset_db|sqlflush|loaddata)/],
    action: 'sql.define',
  },
]

/** Variables that switch checks off for the programs that get them, and the values that do. */
export const WEAKENING_VARIABLES: Readonly<Record<string, RegExp>> = {
  HUSKY: /^(0|false)$/,
  HUSKY_SKIP_HOOKS: /./,
  HUSKY_SKIP_INSTALL: /./,
  LEFTHOOK: /^(0|false)$/,
  LEFTHOOK_EXCLUDE: /./,
  SKIP: /./,
  SKIP_TESTS: /./,
  SKIP_HOOKS: /./,
  OVERCOMMIT_DISABLE: /./,
  PRE_COMMIT_ALLOW_NO_CONFIG: /./,
  DISABLE_ESLINT_PLUGIN: /./,
  GIT_SSL_NO_VERIFY: /./,
  NODE_TLS_REJECT_UNAUTHORIZED: /^0$/,
  PYTHONHTTPSVERIFY: /^0$/,
  DOCKER_CONTENT_TRUST: /^0$/,
  GOSUMDB: /^off$/,
  GOINSECURE: /./,
  GONOSUMDB: /./,
  GONOSUMCHECK: /./,
  NPM_CONFIG_STRICT_SSL: /^false$/,
  NPM_CONFIG_AUDIT: /^false$/,
}
