import type { AndOr, SyntaxNode } from 'unbash'
import { repositoryAt, type Findings } from './findings.ts'

/** Programs that check the project, and words of scripts that do. */
const CHECKS =
  /^(?:(?:npx|pnpm|yarn|bun|npm|uv|poetry|python3?|bundle|dotnet|cargo|go|mvn|gradle|\.\/gradlew|\.\/mvnw|make|deno|php|composer|mix|swift)\b.*\b(?:test|tests|check|lint|typecheck|vet|clippy|audit|verify|spec|ci|eslint|vitest|jest|tsc|pytest|mypy|ruff)\b|(?:pytest|jest|vitest|mocha|eslint|oxlint|tsc|mypy|pyright|ruff|flake8|pylint|rubocop|rspec|phpunit|shellcheck|golangci-lint|staticcheck|semgrep|gitleaks|trufflehog|trivy|snyk|grype|bandit|checkov|tfsec|hadolint|actionlint|osv-scanner|codeql|sonar-scanner|ctest|tox|nox)\b)/

/** `tests || true`: a check whose answer nobody hears. */
export function readWeakening(node: AndOr, findings: Findings): void {
  for (const [at, operator] of node.operators.entries()) {
    const [check, after] = [node.commands[at], node.commands[at + 1]]
    if (operator !== '||' || check === undefined || !CHECKS.test(textOf(check)) || !succeeds(after)) continue
    const { resource } = repositoryAt('.', findings.context)
    findings.add('control.weaken', resource, { span: [check.pos, after?.end ?? check.end] })
  }
}

function succeeds(node: SyntaxNode | undefined): boolean {
  return node !== undefined && /^(true|:|exit 0|\/bin\/true)$/.test(textOf(node))
}

function textOf(node: SyntaxNode): string {
  if (node.type === 'Pipeline') return node.commands[0] === undefined ? '' : textOf(node.commands[0])
  if (node.type !== 'Command' || node.name === undefined) return ''
  return [node.name.value, ...node.args.map((part) => (part.type === 'Word' ? part.value : part.text))].join(
    ' ',
  )
}
