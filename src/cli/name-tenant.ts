/**
 * Commands that a message tells somebody to run, in backticks, for the tenant that their own command named: without the flag
 * they would mean another one.
 */
export function nameTenant(message: string, tenant: string | undefined): string {
  if (tenant === undefined) return message
  return message.replaceAll(/`(remit [a-z][^`]*)`/g, (whole, command: string) =>
    command.includes('--tenant') || command.startsWith('remit start')
      ? whole
      : `\`${command} --tenant ${tenant}\``,
  )
}
