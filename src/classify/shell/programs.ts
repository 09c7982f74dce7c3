import type { ProgramReader } from './command-site.ts'
import { printenv } from './environment.ts'
import { COMPRESSOR_NAMES, COMPRESSORS, compressor } from './programs/compress.ts'
import { copyInto } from './programs/copies.ts'
import { awk, bracket, jq, man, printf, sed } from './programs/editors.ts'
import { gofmt, ruff } from './programs/formatters.ts'
import { gh, glab } from './programs/forges/forge-cli.ts'
import { git } from './programs/git.ts'
import { INFRA_TOOLS } from './programs/infra-tools.ts'
import { infraTool } from './programs/infra.ts'
import { connects, curl, LOOKUPS, openssl, RSYNC, SCP, ssh, transfer, wget } from './programs/network.ts'
import { ALIASES, PACKAGE_MANAGERS } from './programs/package-managers.ts'
import { packageManager, packageRunner } from './programs/packages.ts'
import { clipboard, DEVICE_TOOLS, gpg, MACHINE_TOOLS, ps, writesDevices } from './programs/machine-tools.ts'
import { getent, reaches, REACHING } from './programs/reaching.ts'
import { READERS, TELLERS } from './programs/readers.ts'
import { interpreter, RUNNERS } from './programs/runners.ts'
import { find, xargs } from './programs/search.ts'
import { sqlClient } from './programs/sql-clients.ts'
import { crontab, dd, declare, kill, killByName, set, tar, unzip } from './programs/system.ts'
import { WRITERS } from './programs/writers.ts'
import type { ProgramSpec } from './spec.ts'
import { evaluate, multicall, sameProgram, shell, source, trap, wrapper } from './unwrap.ts'
import { WRAPPERS } from './wrappers.ts'

/** Everything that is understood of programs, by their name. */
export const PROGRAMS: ReadonlyMap<string, ProgramSpec | ProgramReader> = new Map<
  string,
  ProgramSpec | ProgramReader
>([
  ...Object.entries({ ...READERS, ...TELLERS, ...WRITERS, ...RUNNERS }),
  ...['egrep', 'fgrep'].map((name) => [name, READERS['grep'] ?? {}] as const),
  ...['cp', 'mv', 'ln', 'install'].map((name) => [name, copyInto(WRITERS[name] ?? {})] as const),
  ...Object.entries(LOOKUPS).map(([name, spec]) => [name, connects(spec)] as const),
  ...Object.entries(WRAPPERS).map(([name, spec]) => [name, wrapper(spec)] as const),
  ...Object.entries({ ...INFRA_TOOLS, ...MACHINE_TOOLS }).map(
    ([name, tool]) => [name, infraTool(name, tool)] as const,
  ),
  ...alike(['kubectl', 'oc', 'k'], infraTool('kubectl', INFRA_TOOLS['kubectl'] ?? { rows: [] })),
  ...alike(
    ['terraform', 'tofu', 'terragrunt'],
    infraTool('terraform', INFRA_TOOLS['terraform'] ?? { rows: [] }),
  ),
  ...alike(
    ['docker', 'podman', 'nerdctl', 'docker-compose'],
    infraTool('docker', INFRA_TOOLS['docker'] ?? { rows: [] }),
  ),
  ...Object.entries(PACKAGE_MANAGERS).map(([name, manager]) => [name, packageManager(manager)] as const),
  ...Object.entries(ALIASES).flatMap(([alias, name]) => {
    const manager = PACKAGE_MANAGERS[name]
    return manager === undefined ? [] : [[alias, packageManager(manager)] as const]
  }),
  ['ruff', ruff(RUNNERS['ruff'] ?? {})],
  ['gofmt', gofmt],
  ...alike(['npx', 'bunx', 'pnpx'], packageRunner('npm')),
  ...alike(['uvx', 'pipx'], packageRunner('pypi')),
  ...alike(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'fish', 'csh', 'tcsh'], shell),
  ...alike(
    [
      'python',
      'python3',
      'python2',
      'pypy3',
      'node',
      'nodejs',
      'deno',
      'tsx',
      'ts-node',
      'ruby',
      'perl',
      'php',
      'lua',
      'Rscript',
      'julia',
      'osascript',
      'pwsh',
      'groovy',
      'java',
      'ghci',
      'elixir',
      'tclsh',
    ],
    interpreter,
  ),
  ...alike(['awk', 'gawk', 'mawk', 'nawk'], awk),
  ...alike(['source', '.'], source),
  ...alike(['busybox', 'toybox'], multicall),
  ...alike(['command', 'builtin', 'exec'], sameProgram),
  ...alike(['export', 'declare', 'typeset', 'local', 'readonly'], declare),
  ...alike(['pkill', 'killall'], killByName),
  ...alike(['[', 'test'], bracket),
  ...alike(['nc', 'ncat', 'netcat', 'telnet', 'ftp', 'socat', 'nmap'], connects({ rest: 'connect' })),
  ...alike(['psql', 'mysql', 'mariadb', 'sqlite3'], sqlClient),
  ...Object.entries(COMPRESSORS).flatMap(([program, [suffix, spec]]) =>
    alike(COMPRESSOR_NAMES[program] ?? [], compressor(suffix, spec)),
  ),
  ...alike(REACHING, reaches),
  ...alike(DEVICE_TOOLS, writesDevices),
  ...alike(['gpg', 'gpg2'], gpg),
  ...alike(['xclip', 'xsel'], clipboard),
  ['getent', getent],
  ['openssl', openssl],
  ['git', git],
  ['gh', gh],
  ['glab', glab],
  ['jq', jq],
  ['man', man],
  ['ps', ps],
  ['sed', sed],
  ['find', find],
  ['xargs', xargs],
  ['printf', printf],
  ['curl', curl],
  ['wget', wget],
  ['ssh', ssh],
  ['scp', transfer(SCP)],
  ['rsync', transfer(RSYNC)],
  ['tar', tar],
  ['unzip', unzip],
  ['dd', dd],
  ['kill', kill],
  ['printenv', printenv],
  ['crontab', crontab],
  ['set', set],
  ['eval', evaluate],
  ['trap', trap],
])

/** Readers of programs that only look: a word among their arguments is what they look for. */
export const QUIET: ReadonlySet<unknown> = new Set([
  awk,
  bracket,
  jq,
  man,
  printf,
  ps,
  sed,
  find,
  xargs,
  dd,
  kill,
  tar,
  unzip,
  trap,
  printenv,
  git,
  ...Object.keys(WRAPPERS).map((name) => PROGRAMS.get(name)),
])

function alike(
  names: readonly string[],
  reader: ProgramReader,
): readonly (readonly [string, ProgramReader])[] {
  return names.map((name) => [name, reader] as const)
}
