/** Whether a provider that names itself so is the configured one: that `/` ends the name of a host makes no other of it. */
export function isIssuer(configured: string, named: string): boolean {
  return new URL(configured).href === new URL(named).href
}
