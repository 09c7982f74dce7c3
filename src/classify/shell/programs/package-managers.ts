/** What the verbs of a package manager do. */
export type PackageVerb =
  | 'lock' // installs exactly what the lock file says, with install scripts
  | 'install' // installs what manifest and lock say, and may change the lock
  | 'add'
  | 'remove'
  | 'publish'
  | 'script' // runs a script of the project
  | 'run' // runs a program of a package, fetched when it is not there
  | 'inside' // runs a program of what is installed already
  | 'build' // runs code of the project
  | 'read'
  | 'ask' // reads a registry
  | 'configure'

export interface PackageManager {
  readonly registry: string
  readonly verbs: Readonly<Partial<Record<PackageVerb, string>>>
  /** What it does without a verb. */
  readonly alone?: PackageVerb
  /** Options without a value that change nothing, and those with one. */
  readonly flags?: string
  readonly long?: string
  readonly plain?: string
  /** Options that name another registry or index. */
  readonly elsewhere?: string
  /** Options that turn `install` into installing exactly the lock file. */
  readonly frozen?: string
  /** Files of requirements. */
  readonly files?: string
  /** Folder to run in. */
  readonly folder?: string
  /** Programs of packages are run by their name: `yarn eslint`. */
  readonly others?: PackageVerb
  /** Words before the verb that belong to it: `uv pip install`. */
  readonly groups?: string
}

const NODE_LONG =
  'save save-dev save-exact save-optional save-prod save-peer global no-save no-audit no-fund silent quiet verbose ignore-scripts production dev prefer-offline offline legacy-peer-deps frozen-lockfile immutable no-optional workspaces include-workspace-root if-present json long parseable all recursive yes parallel workspace-root no-progress prefer-frozen-lockfile exact dry-run no-package-lock package-lock-only lockfile-only no-lockfile'
const NODE_PLAIN = 'w workspace filter F omit include loglevel reporter depth only'

/** The usual managers: npm 11, pnpm 10, yarn 1 and 4, bun 1, pip 25, uv 0.9, poetry 2, cargo, go, gem, bundler, composer, apt, Homebrew. */
export const PACKAGE_MANAGERS: Readonly<Record<string, PackageManager>> = {
  npm: {
    registry: 'npm',
    verbs: {
      lock: 'ci clean-install install-ci-test cit',
      install: 'install i in isntall add',
      add: 'update up upgrade dedupe link ln',
      remove: 'uninstall remove rm un unlink prune',
      publish: 'publish unpublish deprecate dist-tag owner access team token star',
      script: 'run run-script test t tst start stop restart rum urn version pack',
      run: 'exec x init create innit',
      read: 'ls list la ll why explain root prefix bin help query -v --version',
      ask: 'view info show v search outdated audit ping whoami doctor',
      configure: 'config c set login logout adduser',
    },
    flags: 'gDESOPBfsqdyal',
    long: NODE_LONG,
    plain: NODE_PLAIN,
    elsewhere: 'registry globalconfig userconfig script-shell proxy https-proxy scope',
    folder: 'prefix C',
  },
  pnpm: {
    registry: 'npm',
    verbs: {
      install: 'install i',
      add: 'add update up upgrade link import dedupe',
      remove: 'remove rm uninstall un prune unlink',
      publish: 'publish',
      script: 'run run-script test t start',
      run: 'dlx create',
      inside: 'exec',
      read: 'ls list ll why root bin help -v --version',
      ask: 'view info outdated audit search',
      configure: 'config set login env setup',
    },
    alone: 'read',
    others: 'script',
    flags: 'DOPEgrswlL',
    long: NODE_LONG,
    plain: NODE_PLAIN,
    elsewhere: 'registry config script-shell',
    frozen: 'frozen-lockfile',
    folder: 'C dir',
  },
  yarn: {
    registry: 'npm',
    verbs: {
      install: 'install',
      add: 'add up upgrade upgrade-interactive link import dedupe',
      remove: 'remove unlink autoclean',
      publish: 'publish',
      script: 'run test start workspace workspaces',
      run: 'dlx create',
      inside: 'exec',
      read: 'list why bin help versions -v --version',
      ask: 'info outdated audit npm',
      configure: 'config set plugin login',
    },
    alone: 'install',
    others: 'script',
    flags: 'DEPOTWsA',
    long: NODE_LONG,
    plain: NODE_PLAIN,
    elsewhere: 'registry use-yarnrc script-shell',
    frozen: 'frozen-lockfile immutable',
    folder: 'cwd',
  },
  bun: {
    registry: 'npm',
    verbs: {
      install: 'install i',
      add: 'add a update link',
      remove: 'remove rm unlink',
      publish: 'publish',
      script: 'run test build',
      run: 'x create c init',
      read: 'help --version -v',
      ask: 'outdated audit info',
      configure: 'upgrade',
    },
    others: 'script',
    flags: 'dDEgfp',
    long: NODE_LONG,
    plain: NODE_PLAIN,
    elsewhere: 'registry config c',
    frozen: 'frozen-lockfile',
    folder: 'cwd',
  },
  pip: {
    registry: 'pypi',
    verbs: {
      add: 'install wheel',
      remove: 'uninstall',
      read: 'list show freeze check help inspect debug --version -V',
      ask: 'download index search',
      configure: 'config cache',
    },
    flags: 'qUyvIt',
    long: 'quiet upgrade user no-cache-dir disable-pip-version-check no-deps pre force-reinstall yes require-hashes no-input only-binary break-system-packages outdated verbose no-build-isolation',
    plain: 'format c constraint only-binary no-binary progress-bar timeout retries python-version platform',
    elsewhere:
      'i index-url extra-index-url f find-links trusted-host proxy cert client-cert config-settings global-option install-option t target prefix root',
    frozen: 'require-hashes',
    files: 'r requirement e editable',
  },
  uv: {
    registry: 'pypi',
    groups: 'pip tool python self cache',
    verbs: {
      install: 'sync',
      add: 'add lock install compile upgrade update venv init',
      remove: 'remove uninstall clean prune',
      publish: 'publish',
      inside: 'run',
      build: 'build',
      read: 'tree list show freeze check help --version dir find',
    },
    flags: 'qvUnp',
    long: 'quiet verbose frozen locked upgrade no-dev dev all-extras no-sync all-groups system no-cache offline',
    plain: 'extra group python p only-group format',
    elsewhere: 'index-url extra-index-url index default-index find-links f config-file with from',
    frozen: 'frozen locked',
    files: 'r requirement e editable',
    folder: 'directory project',
  },
  poetry: {
    registry: 'pypi',
    verbs: {
      install: 'install sync',
      add: 'add update lock init new',
      remove: 'remove',
      publish: 'publish',
      inside: 'run',
      build: 'build',
      read: 'show check about help version --version',
      configure: 'config source self',
    },
    flags: 'qvn',
    long: 'no-interaction no-root no-dev quiet verbose tree all-extras',
    plain: 'group with without only extras G E',
    elsewhere: 'source',
  },
  cargo: {
    registry: 'crates.io',
    verbs: {
      add: 'add install update upgrade vendor generate-lockfile init new',
      remove: 'remove rm uninstall clean',
      publish: 'publish yank owner login logout',
      build: 'build b check c test t run r bench doc d clippy rustc rustdoc fmt fix nextest expand miri',
      read: 'metadata tree locate-project pkgid help version --version -V verify-project',
      ask: 'search info fetch audit deny outdated',
    },
    flags: 'rqvV',
    long: 'release quiet verbose all workspace all-targets all-features no-default-features locked offline frozen lib bins tests examples benches doc no-run no-fail-fast keep-going dry-run check no-deps open',
    plain:
      'p package F features j jobs bin test example bench target profile exclude message-format color vers version',
    elsewhere: 'config registry index git path root Z',
    folder: 'manifest-path target-dir C',
  },
  go: {
    registry: 'go',
    groups: 'mod',
    verbs: {
      add: 'get install tidy download vendor edit init work',
      remove: 'clean',
      build: 'build test run vet generate fmt fix tool',
      read: 'version env list doc help why graph verify',
      configure: 'telemetry',
    },
    plain: 'run v count timeout o tags bench cover coverprofile race short parallel ldflags json m f',
    elsewhere: 'exec toolexec overlay modfile C vettool pkgdir',
  },
  gem: {
    registry: 'rubygems',
    verbs: {
      add: 'install update',
      remove: 'uninstall cleanup',
      publish: 'push yank owner signin signout',
      read: 'list which environment contents dependency help --version -v',
      ask: 'search info outdated fetch specification',
      build: 'build',
      configure: 'sources',
    },
    flags: 'fqN',
    long: 'no-document conservative user-install quiet',
    plain: 'v version',
    elsewhere: 'source clear-sources P config-file i install-dir',
  },
  bundle: {
    registry: 'rubygems',
    verbs: {
      install: 'install',
      add: 'add update lock',
      remove: 'remove clean',
      inside: 'exec',
      read: 'list show info check version --version',
      configure: 'config plugin',
    },
    alone: 'install',
    long: 'frozen deployment quiet local',
    plain: 'j jobs retry without with',
    frozen: 'frozen deployment',
    elsewhere: 'path gemfile',
  },
  composer: {
    registry: 'packagist',
    verbs: {
      install: 'install i',
      add: 'require r update u upgrade create-project',
      remove: 'remove rm',
      script: 'run-script run test dump-autoload',
      inside: 'exec',
      read: 'show info validate licenses depends why --version help',
      ask: 'outdated audit search',
      configure: 'config',
    },
    alone: 'read',
    others: 'script',
    flags: 'nqov',
    long: 'no-interaction quiet no-dev dev prefer-dist no-progress optimize-autoloader no-scripts ignore-platform-reqs',
    folder: 'd working-dir',
  },
  apt: system(
    'apt',
    'install upgrade full-upgrade dist-upgrade build-dep update',
    'remove purge autoremove clean autoclean',
    'list show search policy depends rdepends madison --version',
  ),
  brew: system(
    'brew',
    'install upgrade update tap reinstall bundle',
    'uninstall remove rm untap cleanup autoremove',
    'list ls info search deps uses outdated leaves config doctor --version --prefix',
  ),
  apk: system('apk', 'add update upgrade', 'del', 'info list search policy'),
  dnf: system('dnf', 'install update upgrade', 'remove autoremove', 'list info search repolist'),
  pacman: { registry: 'pacman', verbs: {} },
}

function system(registry: string, add: string, remove: string, read: string): PackageManager {
  return {
    registry,
    verbs: { add, remove, read },
    flags: 'yqvf',
    long: 'yes quiet no-install-recommends assume-yes formula cask no-cache',
    elsewhere: 'o c config repository t',
  }
}

export const ALIASES: Readonly<Record<string, string>> = {
  pip3: 'pip',
  'apt-get': 'apt',
  'apt-cache': 'apt',
  aptitude: 'apt',
  yum: 'dnf',
  bundler: 'bundle',
}
