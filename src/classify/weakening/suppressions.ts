import type { WeakeningRow } from './weakening-row.ts'

/**
 * Words in code that tell a checker to look away, each from that checker's own documentation: ESLint, Oxlint, Biome,
 * TypeScript, flake8, Ruff, Pylint, mypy, Pyright, Bandit, coverage.py, Istanbul, c8, golangci-lint, gosec, Clippy,
 * RuboCop, PHPStan, Psalm, Sonar, clang-tidy, Checkov, tfsec, Trivy, Semgrep, Gitleaks, detect-secrets, ShellCheck,
 * hadolint, SwiftLint, Java's, Kotlin's and C#'s annotations, CodeQL.
 */
export const SUPPRESSIONS: readonly WeakeningRow[] = [
  [
    'lint',
    'eslint-disable oxlint-disable biome-ignore stylelint-disable',
    /\b(?:eslint|oxlint|stylelint)-disable\b|\bbiome-ignore\b/g,
  ],
  ['lint', 'tslint:disable', /\btslint:disable/g],
  ['types', '@ts-', /@ts-(?:ignore|nocheck|expect-error)\b/g],
  ['lint', 'noqa', /#\s*(?:(?:ruff|flake8):\s*)?noqa\b/gi],
  ['scanner', 'nosec', /#\s*nosec\b/gi],
  ['types', 'type:', /#\s*type:\s*ignore\b/g],
  ['types', 'mypy: pyright:', /#\s*(?:mypy|pyright):\s*ignore/g],
  ['lint', 'pylint:', /#\s*pylint:\s*(?:disable|skip-file)/g],
  ['coverage', 'pragma', /pragma:?\s*no[ -]?cover/gi],
  ['scanner', 'pragma', /pragma:\s*(?:allow|white)list[ -]secret/gi],
  ['coverage', 'istanbul c8 v8 codecoverage', /\b(?:istanbul|c8|v8)\s+ignore\b|@codeCoverageIgnore/g],
  ['lint', 'nolint', /\/\/\s*nolint\b|\bNOLINT(?:NEXTLINE|BEGIN)?\b/g],
  ['lint', 'nosonar lgtm[ codeql[', /\bNOSONAR\b|\/\/\s*lgtm\b|\b(?:lgtm|codeql)\[/g],
  [
    'lint',
    '@suppress suppressmessage',
    /@Suppress(?:Warnings|FBWarnings|Lint)?\b|\[(?:\w+:\s*)?SuppressMessage\b/g,
  ],
  ['lint', 'pragma', /^\s*#pragma\s+(?:warning\s+disable|(?:GCC|clang)\s+diagnostic\s+ignored)/gm],
  ['lint', 'allow(', /#!?\[\s*(?:cfg_attr\([^)]*,\s*)?allow\(/g],
  [
    'lint',
    'rubocop: phpcs: swiftlint: ktlint- credo:',
    /\b(?:rubocop|phpcs|swiftlint|credo|ktlint)[:-]\s*(?:disable|ignore)/g,
  ],
  ['lint', '@phpstan-ignore @psalm-suppress', /@phpstan-ignore|@psalm-suppress/g],
  [
    'scanner',
    'checkov: tfsec: trivy: kics-scan',
    /\b(?:checkov:\s*skip|(?:tfsec|trivy):\s*ignore|kics-scan\s+(?:ignore|disable))/g,
  ],
  [
    'scanner',
    'nosemgrep gitleaks:allow trufflehog:ignore',
    /\bnosemgrep\b|gitleaks:allow|trufflehog:ignore/g,
  ],
  ['lint', 'hadolint shellcheck', /#\s*(?:hadolint\s+ignore|shellcheck\s+disable)\s*=/g],
]
