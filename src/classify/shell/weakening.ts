import type { AndOr, Statement, SyntaxNode } from 'unbash'
import { repositoryAt } from '../repository/repository-at.ts'
import type { Argument } from './argument.ts'
import type { CommandSite } from './command-site.ts'
import type { Findings, Span } from './findings.ts'
import { GIVEAWAYS, WEAKENING_VARIABLES, type Giveaway } from './giveaways.ts'

/** Words before a program that start it without changing what it says. */
const BEFORE =
  '(?:(?:time|nice|nohup|command|exec|sudo|xvfb-run|caffeinate|timeout(?: -\\S+)* \\S+|env(?: \\w+=\\S*)*) )*'
/** Programs that check the project, and words of scripts that do. */
const CHECKS = new RegExp(
  `^${BEFORE}(?:(?:npx|pnpm|yarn|bun|npm|uv|uvx|poetry|python3?|bundle|dotnet|cargo|go|mvn|gradle|\\./gradlew|\\./mvnw|make|deno|php|composer|mix|swift|docker|just|task)\\b.*\\b(?:test|tests|check|lint|typecheck|vet|clippy|audit|verify|spec|ci|eslint|vitest|jest|tsc|pytest|mypy|ruff)\\b|(?:pytest|jest|vitest|mocha|eslint|oxlint|tsc|mypy|pyright|ruff|flake8|pylint|rubocop|rspec|phpunit|shellcheck|golangci-lint|staticcheck|semgrep|gitleaks|trufflehog|trivy|snyk|grype|bandit|checkov|tfsec|hadolint|actionlint|osv-scanner|codeql|sonar-scanner|ctest|tox|nox|pre-commit)\\b)`,
)

/** `tests || true`: a check whose answer nobody hears. */
export function readWeakening(node: AndOr, findings: Findings): void {
  for (const [at, operator] of node.operators.entries()) {
    if (operator === '||') ignores(node.commands[at], node.commands[at + 1], findings)
  }
}

/** `tests; true` at the end of a list. */
export function readIgnoredChecks(statements: readonly Statement[], findings: Findings): void {
  const [check, last] = statements.slice(-2)
  if (check !== last) ignores(check?.command, last?.command, findings)
}

function ignores(check: SyntaxNode | undefined, after: SyntaxNode | undefined, findings: Findings): void {
  if (check === undefined || after === undefined || !succeeds(after) || !CHECKS.test(textOf(check))) return
  weaken(findings, [check.pos, after.end])
}

function succeeds(node: SyntaxNode): boolean {
  return /^(true|:|(exit|return)( 0)?|\/(usr\/)?bin\/true)$/.test(textOf(node))
}

/** The last command of a list, the first one of a pipeline: it is their answer that is asked for. */
function textOf(node: SyntaxNode): string {
  if (node.type === 'Pipeline') return node.commands[0] === undefined ? '' : textOf(node.commands[0])
  if (node.type === 'Subshell' || node.type === 'BraceGroup') return textOf(node.body)
  if (node.type === 'CompoundList') {
    const last = node.commands.at(-1)
    return last === undefined ? '' : textOf(last.command)
  }
  if (node.type === 'AndOr') return node.commands.map(textOf).find((text) => CHECKS.test(text)) ?? ''
  if (node.type !== 'Command' || node.name === undefined) return ''
  return [node.name.value, ...node.args.map((part) => (part.type === 'Word' ? part.value : part.text))].join(
    ' ',
  )
}

/** @param value `undefined` = nobody knows it before it runs. */
export function isWeakeningVariable(name: string, value: string | undefined): boolean {
  const folded = name.toUpperCase()
  const values = Object.hasOwn(WEAKENING_VARIABLES, folded) ? WEAKENING_VARIABLES[folded] : undefined
  return values !== undefined && (value === undefined || values.test(value))
}

export function weaken(findings: Findings, span: Span): void {
  findings.add('control.weaken', repositoryAt('.', findings.context).resource, { span })
}

const ANYWHERE = GIVEAWAYS.filter(({ of }) => of === undefined)
const BY_PROGRAM = new Map<string, Giveaway[]>()
for (const giveaway of GIVEAWAYS) {
  for (const program of giveaway.of?.split(' ') ?? []) {
    BY_PROGRAM.set(program, [...(BY_PROGRAM.get(program) ?? []), giveaway])
  }
}

/** @param acts it does more than look, so that words of any program count. */
export function readGiveaways(site: CommandSite, acts: boolean): void {
  const { program, args, findings, span, cwd } = site
  if (args.length === 0) return
  const known = BY_PROGRAM.get(program) ?? []
  for (const { words, action } of acts ? [...ANYWHERE, ...known] : known) {
    if (!args.some((_, at) => matches(words, args, at))) continue
    const { resource } = repositoryAt(cwd, findings.context)
    if (action === 'sql.define') {
      const database = { type: 'Database', id: program, ancestors: [] } as const
      findings.add(action, database, { span, labels: ['production'] })
    } else findings.add(action, resource, { span })
  }
}

function matches(words: readonly RegExp[], args: readonly Argument[], at: number): boolean {
  return words.every((word, offset) => word.test(args[at + offset]?.text ?? ''))
}
