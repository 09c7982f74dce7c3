type Environment = Readonly<Record<string, string | undefined>>

/** What a program needs to run and to write on a terminal; nothing of it is a credential. */
const PLAIN =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|TERM|COLORTERM|TERM_PROGRAM|LANG|LANGUAGE|LC_[A-Z]+|TZ|NO_COLOR|FORCE_COLOR|COLUMNS|LINES)$/

/** Remit's own, which are never handed on. */
const OWN = /^REMIT_/

/** The variables that an agent is started with: what is plain and what is named, as far as they are set. */
export function boxEnvironment(environ: Environment, named: readonly string[]): Record<string, string> {
  return only(environ, (name) => !OWN.test(name) && (PLAIN.test(name) || named.includes(name)))
}

/** Without a box: everything but what is Remit's own. */
export function openEnvironment(environ: Environment): Record<string, string> {
  return only(environ, (name) => !OWN.test(name))
}

function only(environ: Environment, wanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environ).flatMap(([name, value]) =>
      value !== undefined && wanted(name) ? [[name, value] as const] : [],
    ),
  )
}
