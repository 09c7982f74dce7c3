import type { CommandSite, ProgramReader } from '../command-site.ts'
import { isUnseenScript } from '../unwrap.ts'
import { applyRole, applySpec } from '../apply-spec.ts'
import { scanQuotedPaths, scanText } from '../scan-text.ts'
import { parseCommand } from '../parse-command.ts'
import type { ProgramSpec, ProgramTable } from '../spec.ts'

const NONE: ProgramSpec = { rest: 'plain', runs: true }

/** Checkers, compilers and test runners: they run the project's own code and settings, and read what they are given. */
export const RUNNERS: ProgramTable = {
  tsc: {
    flags: 'bpw',
    long: 'noEmit build watch pretty incremental version',
    values: { read: 'p project' },
    rest: 'read',
    runs: true,
  },
  eslint: {
    long: 'fix quiet cache no-cache debug',
    values: {
      plain: 'ext max-warnings f format cache-location',
      no: 'c config rulesdir plugin resolve-plugins-relative-to parser',
    },
    rest: 'list',
    runs: true,
  },
  prettier: {
    flags: 'cwl',
    long: 'check write list-different',
    values: { plain: 'log-level', no: 'config plugin' },
    rest: 'list',
    runs: true,
  },
  biome: { long: 'write apply fix unsafe', first: ['plain'], rest: 'list', runs: true },
  oxlint: { long: 'fix type-aware deny-warnings quiet', rest: 'list', runs: true },
  vitest: {
    flags: 'uw',
    long: 'run watch coverage silent bail',
    values: { plain: 't testNamePattern reporter project', no: 'c config globalSetup' },
    rest: 'list',
    runs: true,
  },
  jest: {
    flags: 'iuwbo',
    long: 'runInBand watch watchAll coverage silent verbose bail ci passWithNoTests detectOpenHandles forceExit onlyChanged no-cache',
    values: { plain: 't testNamePattern maxWorkers testPathPattern', no: 'c config rootDir globalSetup' },
    rest: 'list',
    runs: true,
  },
  mocha: {
    long: 'watch bail',
    values: { plain: 'g grep timeout R reporter', no: 'r require config' },
    rest: 'list',
    runs: true,
  },
  playwright: NONE,
  cypress: NONE,
  vite: { long: 'host open', values: { plain: 'port mode' }, rest: 'plain', runs: true },
  next: NONE,
  webpack: { values: { plain: 'mode' }, runs: true, rest: 'no' },
  rollup: { rest: 'no', runs: true },
  esbuild: { rest: 'no', runs: true },
  turbo: NONE,
  nx: NONE,
  lerna: NONE,
  storybook: NONE,
  pytest: {
    flags: 'vqxslh',
    long: 'verbose quiet lf ff last-failed failed-first exitfirst no-header collect-only cov sw stepwise',
    values: {
      plain: 'k m n tb maxfail durations cov? cov-report timeout',
      no: 'p c o rootdir confcutdir import-mode',
    },
    rest: 'list',
    runs: true,
  },
  tox: { values: { plain: 'e' }, rest: 'plain', runs: true },
  nox: { values: { plain: 's' }, rest: 'plain', runs: true },
  mypy: {
    long: 'strict ignore-missing-imports show-error-codes pretty',
    values: { plain: 'p m python-version', no: 'config-file' },
    rest: 'list',
    runs: true,
  },
  pyright: { long: 'watch verbose stats', values: { read: 'p project' }, rest: 'list', runs: true },
  ruff: {
    flags: 'qvw',
    long: 'fix diff check watch quiet unsafe-fixes preview show-fixes statistics',
    values: { plain: 'select ignore extend-select line-length output-format target-version', no: 'config' },
    first: ['plain'],
    rest: 'list',
    runs: true,
  },
  black: {
    flags: 'qv',
    long: 'check diff quiet',
    values: { plain: 'l line-length', no: 'config' },
    rest: 'write',
    runs: true,
  },
  isort: { flags: 'cq', long: 'check diff check-only', rest: 'write', runs: true },
  flake8: { values: { plain: 'max-line-length select ignore', no: 'config' }, rest: 'list', runs: true },
  pylint: {
    values: { plain: 'disable enable', no: 'rcfile load-plugins init-hook' },
    rest: 'list',
    runs: true,
  },
  rubocop: {
    flags: 'aA',
    long: 'autocorrect autocorrect-all',
    values: { no: 'r require c config' },
    rest: 'list',
    runs: true,
  },
  rspec: { values: { plain: 'e f', no: 'r I' }, rest: 'list', runs: true },
  rake: NONE,
  rails: NONE,
  'golangci-lint': {
    values: { plain: 'E D timeout', no: 'c config' },
    first: ['plain'],
    rest: 'list',
    runs: true,
  },
  rustfmt: { long: 'check', values: { plain: 'edition' }, rest: 'write', runs: true },
  rustc: { rest: 'no', runs: true },
  mvn: {
    flags: 'qBoUeX',
    long: 'quiet batch-mode offline',
    values: { plain: 'pl am T', no: 's f gs' },
    rest: 'plain',
    runs: true,
  },
  gradle: {
    flags: 'qis',
    long: 'no-daemon info stacktrace offline parallel continue',
    values: { plain: 'x tests P', no: 'I init-script b c p' },
    rest: 'plain',
    runs: true,
  },
  './gradlew': {
    flags: 'qis',
    long: 'no-daemon info stacktrace offline parallel continue',
    values: { plain: 'x tests P', no: 'I init-script b c p' },
    rest: 'plain',
    runs: true,
  },
  './mvnw': { flags: 'qBoUeX', values: { plain: 'pl T', no: 's f' }, rest: 'plain', runs: true },
  make: { flags: 'nksBi', values: { plain: 'j l', no: 'f C I' }, rest: 'plain', runs: true },
  ninja: { flags: 'nv', values: { plain: 'j', no: 'C f' }, rest: 'plain', runs: true },
  cmake: { values: { plain: 'build? j', no: 'P E S B' }, rest: 'no', runs: true },
  ctest: { flags: 'V', long: 'output-on-failure', values: { plain: 'R j' }, rest: 'no', runs: true },
  bazel: NONE,
  dotnet: { values: { plain: 'c v' }, first: ['plain'], rest: 'plain', runs: true },
  swift: NONE,
  mix: NONE,
  phpunit: { values: { plain: 'filter testsuite', no: 'c bootstrap' }, rest: 'list', runs: true },
  shellcheck: { flags: 'x', values: { plain: 's e f S' }, rest: 'read' },
  hadolint: { rest: 'read' },
  actionlint: { rest: 'read' },
  yamllint: { rest: 'read' },
  markdownlint: { rest: 'read', runs: true },
}

const MAX_COMMANDS = 10
const STARTS =
  /\b(?:system|popen|exec|execSync|spawn|spawnSync|check_output|check_call|call|run|shell_exec|passthru|getoutput|getstatusoutput)\s*\(?\s*(["'`])((?:(?!\1)[^\\\n]){2,400})\1/g

/** Command lines that program text gives to a shell as whole strings. */
function commandsIn(text: string): readonly string[] {
  const found = [...text.slice(0, 8_192).matchAll(STARTS)].map(([, , command = '']) => command)
  return found.slice(0, MAX_COMMANDS).filter((command) => parseCommand(command) !== undefined)
}

/** Options whose value is program text. */
const CODE = /^(-[A-Za-z0-9]*[ceEpr]|--eval|--print|--execute)$/
/** Words that say what is run in another way, the text of a program in the same word among them. */
const OTHERWISE =
  /^(-[A-Za-z0-9]*[ceE].*[^\w-].*|-m|-jar|-version|--test|--run|--watch|run|test|fmt|lint|check|task|install|cache|bench|doc|serve)$/s

/** Text of the line, a file, or else what comes by the standard input: whether nobody can be shown it. */
function isUnseenCode(site: CommandSite): boolean {
  const { args } = site
  const option = args.findIndex(({ text, kind }) => kind === 'literal' && CODE.test(text))
  if (option !== -1) return args[option + 1]?.unseen === true
  if (args.some(({ text, kind }) => kind === 'literal' && OTHERWISE.test(text))) return false
  const script = args.find(({ text, kind }) => kind !== 'literal' || !/^-./.test(text))
  // With options alone, at a terminal, most tell something of the interpreter.
  return (script !== undefined || args.length === 0 || site.piped) && isUnseenScript(script, site)
}

/** Interpreters: a file is code of the project, text on the line is code that nobody reads here. */
export const interpreter: ProgramReader = (site) => {
  const { args } = site
  if (args.length === 1 && /^(--version|-V|-v|--help|-h)$/.test(args[0]?.text ?? ''))
    return args[0]?.kind === 'literal'
  for (const text of site.input === undefined ? args : [...args, site.input]) {
    scanText(text, site)
    scanQuotedPaths(text, site)
    for (const command of commandsIn(text.text)) site.script({ ...text, kind: 'literal', text: command })
  }
  if (isUnseenCode(site)) site.findings.opaque(site.program, site.span, ['unseen'])
  const file = args.find(({ text, kind }) => kind === 'literal' && !text.startsWith('-'))
  if (file !== undefined && /^[\w@./~+-]{1,200}$/.test(file.text) && /[./]/.test(file.text))
    applyRole('read', file, site)
  if (args[0]?.text === '-m' && args[1]?.kind === 'literal') {
    const inner = args[1].text
    if (inner === 'http.server') {
      site.findings.add(
        'net.listen',
        { type: 'Host', id: '0.0.0.0', ancestors: [] },
        { span: site.span, labels: ['private'] },
      )
    }
    if (
      /^(pytest|mypy|ruff|black|isort|flake8|pylint|pip|unittest|compileall|json\.tool|venv)$/.test(inner)
    ) {
      if (inner === 'unittest' || inner === 'compileall')
        return applySpec(NONE, { ...site, args: args.slice(2) })
      if (inner !== 'json.tool' && inner !== 'venv') {
        // A module of that name in this folder comes before the one that is meant.
        applySpec(NONE, { ...site, args: [] })
        site.start(args.slice(1))
        return true
      }
    }
  }
  return false
}
