/** Variables that tools of development read and that make none of them run or reach anything else. */
const HARMLESS =
  /^(NODE_ENV|CI|DEBUG|LANG|LANGUAGE|LC_[A-Z]+|TZ|FORCE_COLOR|NO_COLOR|CLICOLOR|CLICOLOR_FORCE|COLUMNS|LINES|VERBOSE|PORT|RUST_BACKTRACE|RUST_LOG|RAILS_ENV|RACK_ENV|APP_ENV|FLASK_ENV|FLASK_DEBUG|GOOS|GOARCH|CGO_ENABLED|TEST|COVERAGE|UPDATE_SNAPSHOTS?|PYTHONUNBUFFERED|PYTHONDONTWRITEBYTECODE|NEXT_TELEMETRY_DISABLED|DO_NOT_TRACK|HUSKY_SKIP_INSTALL|LOG_LEVEL)$/

/** Variables that a shell or a program reads by itself. Assigning one of them is never just a note. */
const POWERFUL =
  /^(.*PATH|.*PAGER|.*EDITOR|VISUAL|BROWSER|.*OPTS?|.*OPTIONS|.*FLAGS|.*ARGS|.*COMMAND|.*_PROXY|.*SHELL|GIT_.*|SSH_.*|LD_.*|DYLD_.*|BASH.*|ENV|IFS|PS[0-4]|PROMPT.*|HIST.*|HOME|PWD|OLDPWD|USER|TERM.*|TMPDIR|NODE_.*|NPM_.*|YARN_.*|PNPM_.*|PYTHON.*|PERL.*|RUBY.*|GEM_.*|BUNDLE_.*|JAVA.*|_JAVA.*|JDK_.*|MAVEN_.*|GRADLE_.*|CARGO_.*|RUST.*|GO[A-Z]+|MAKE.*|CC|CXX|AR|LESS.*|MAN.*|RIPGREP_.*|DOCKER_.*|KUBE.*|AWS_.*|AZURE_.*|GOOGLE_.*|CLOUDSDK_.*|VAULT_.*|TF_.*|PG.*|MYSQL_.*|CDPATH|GLOBIGNORE|FPATH|ZDOTDIR|REMIT.*|CLAUDE.*|CODEX.*|ANTHROPIC.*|OPENAI.*|GEMINI.*)$/i

/** Shows nothing that a listing of processes would not. */
const KNOWN =
  /^([0-9?#$!*@_-]|HOME|PWD|OLDPWD|USER|LOGNAME|UID|EUID|SHELL|SHLVL|HOSTNAME|HOSTTYPE|OSTYPE|MACHTYPE|LANG|TERM|RANDOM|SECONDS|LINENO|EPOCHSECONDS|COLUMNS|LINES|PATH|TMPDIR|CI|NODE_ENV|BASH_VERSION|PPID|PIPESTATUS|FUNCNAME|REPLY|IFS|TZ|EDITOR|PAGER|VIRTUAL_ENV|GOPATH|JAVA_HOME)$/

const SECRET = /KEY|TOKEN|SECRET|PASS|CRED|AUTH|PRIVATE|SESSION|COOKIE|_PAT$|DATABASE_URL|CONNECTION|DSN/i

/** @param exported given to programs; else a variable of the shell, unless it was exported before. */
export function isHarmlessAssignment(name: string, exported: boolean): boolean {
  return HARMLESS.test(name) || (!exported && !POWERFUL.test(name))
}

export function isKnownVariable(name: string): boolean {
  return KNOWN.test(name)
}

export function isSecretVariable(name: string): boolean {
  return SECRET.test(name)
}
