import type { WeakeningRow } from './weakening-row.ts'

/** Programs and scripts that check a project, as they stand in pipelines, manifests and scripts. */
const CHECK = String.raw`(?:\b(?:npm|pnpm|yarn|bun|npx|cargo|go|mvn|gradle|gradlew|make|poetry|uv|tox|nox|dotnet|bundle|deno)\b[^\n]*\b(?:test|tests|check|lint|typecheck|vet|clippy|audit|verify|coverage)\b|\b(?:pytest|jest|vitest|mocha|eslint|oxlint|tsc|mypy|pyright|ruff|flake8|pylint|rubocop|rspec|phpunit|shellcheck|golangci-lint|staticcheck|semgrep|gitleaks|trufflehog|trivy|snyk|grype|bandit|checkov|tfsec|hadolint|actionlint|osv-scanner|codeql|sonar|ctest|safety|pip-audit|npm audit)\b)`

export const CHECK_LINE = new RegExp(String.raw`^(?!\s*(?:#|\/\/)).*${CHECK}.*$`, 'gm')

/** In a pipeline: a step whose failure does not count, or that never runs. Documentation of each CI system. */
export const PIPELINE: readonly WeakeningRow[] = [
  ['ci', '||', /\|\|\s*(?:true|:|exit 0|echo\b)/g],
  [
    'ci',
    'continue-on-error continueonerror allow_failure ignore_errors soft_fail warn_only',
    /\b(?:continue-on-error|continueOnError|allow_failure|ignore_errors|soft_fail|warn_only)["']?\s*[:=]\s*["']?(?:true|yes|\$\{\{\s*true)/gi,
  ],
  ['ci', 'set', /\bset\s+\+e\b/g],
  ['ci', 'if:', /^\s*(?:-\s*)?if:\s*["']?(?:\$\{\{\s*)?false\b/gm],
  ['ci', 'when:', /^\s*when:\s*never\b/gm],
  [
    'ci',
    '--exit-zero --exit-code exit-code --soft-fail --no-fail --passwithnotests',
    /--exit-zero\b|--exit-code[= ]["']?0|exit-code:\s*["']?0|--soft-fail\b|--no-fail\b|--passWithNoTests\b/g,
  ],
  [
    'ci',
    'fail',
    /\bfail[_-](?:ci[_-]if[_-]error|on[_-]error|on[_-]severity|fast|build)["']?\s*[:=]\s*["']?(?:false|never|none)\b/gi,
  ],
  [
    'ci',
    'skip',
    /(?:^|\s)-D(?:skipTests|maven\.test\.skip|skipITs)\b(?:=true)?|(?:^|\s)-x\s+(?:test|check|lint)\b|\[skip ci\]|\bSKIP\s*[=:]\s*["']?[\w,-]+/gm,
  ],
]

/** In a manifest or script: the same where the line checks something. */
export const SCRIPTED: readonly WeakeningRow[] = [
  [
    'check',
    '|| --exit-zero --passwithnotests',
    new RegExp(String.raw`${CHECK}[^\n]*(?:\|\|\s*(?:true|:|exit 0)|--exit-zero|--passWithNoTests)`, 'g'),
  ],
  [
    'check',
    'test lint check',
    /"(?:pre|post)?(?:test|lint|check|typecheck|audit|verify|ci)(?::[\w-]+)?"\s*:\s*"(?:\s*|true|:|exit 0|echo\b[^"]*)"/g,
  ],
]

/** In the configuration of a linter, scanner, type checker or test runner: a rule that is off, or looks away. */
export const CONFIGURED: readonly WeakeningRow[] = [
  [
    'rule',
    '*',
    /["'`]?[\w@/.-]+["'`]?\s*[:=]\s*\[?\s*["'`]?(?:off|none|ignore|disabled?)["'`]?(?=\s*[,\]}#\n]|\s*$)|["'`][\w@/-]+["'`]\s*:\s*\[?\s*0\b/gm,
  ],
  ['rule', 'enable', /\benabled?["']?\s*[:=]\s*(?:false|0|no)\b/gi],
  [
    'rule',
    'ignore exclude skip disable allowlist whitelist suppress paths',
    /^\s*["']?(?:\[+)?(?:extend[-_])?(?:per-file-ignores|ignore\w*|exclude\w*|skips?|skip[-_]\w+|disable\w*|allowlist|whitelist|suppress\w*|advisories\.ignore)["']?\]*\s*(?:[:=]|$)/gim,
  ],
  [
    'rule',
    'strict noimplicit nounused nounchecked',
    /"(?:strict\w*|noImplicit\w+|noUnused\w+|noUnchecked\w+|noFallthrough\w+|exactOptional\w+|alwaysStrict|useUnknown\w+)"\s*:\s*false/g,
  ],
  [
    'rule',
    'skiplibcheck ignore_missing_imports ignore_errors follow_imports allow_untyped',
    /"skipLibCheck"\s*:\s*true|\b(?:ignore_missing_imports|ignore_errors|allow_untyped_\w+)\s*=\s*[Tt]rue|\bfollow_imports\s*=\s*skip/g,
  ],
  [
    'protection',
    'enforce_admins allow_force_pushes allow_deletions required_',
    /\benforce_admins["']?\s*:\s*(?:false|null)|\ballow_(?:force_pushes|deletions)["']?\s*:\s*true|\brequired_(?:status_checks|pull_request_reviews|signatures)["']?\s*:\s*(?:null|false)/g,
  ],
]

/** Numbers of which less is weaker: coverage, mutation score, reviewers, severity budgets. */
export const THRESHOLDS =
  /\b(branches|functions|lines|statements|fail_under|cov-fail-under|minimum_coverage|minimumCoverage|coverageThreshold|threshold|target|minimum|break|required_approving_review_count|approvals|min-?score|fail-under)["']?\s*[:=)(]?\s*=?\s*["']?(\d{1,3}(?:\.\d+)?)/gi

/** Numbers of which more is weaker. */
export const ALLOWANCES =
  /\b(max-?warnings|maxWarnings|allowed_?failures|max_?failures)["']?\s*[:= ]\s*["']?(\d{1,6})/gi

/** Names of files that hold thresholds and switches of checks beside those that are labelled. */
export const CHECK_CONFIG =
  /(?:^|\/)(?:(?:jest|vitest|vite|karma|playwright|cypress|ava|nyc|stryker|tap)\.conf(?:ig)?\.[\w.]+|\.(?:nycrc|c8rc|coveragerc|mocharc)[\w.]*|codecov\.ya?ml|\.codecov\.ya?ml|pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml|tsconfig[\w.-]*\.json|jsconfig\.json|phpunit\.xml[\w.]*|\.simplecov|coverlet\.runsettings|jacoco\.\w+|sonar-project\.properties|cargo-deny\.toml|mypy\.ini|renovate\.json5?|dependabot\.ya?ml|\.pre-commit-config\.ya?ml|lefthook\.ya?ml)$/i

/** Lists of what a checker does not look at. */
export const IGNORE_LIST =
  /(?:^|\/)\.(?:eslint|oxlint|prettier|stylelint|semgrep|trivy|gitleaks|bandit|tfsec|checkov|snyk|nsp|cspell|dockle)\w*ignore$|(?:^|\/)\.(?:snyk|nsprc|secrets\.baseline|gitleaksignore|trivyignore[\w.]*|trufflehogignore)$/i
