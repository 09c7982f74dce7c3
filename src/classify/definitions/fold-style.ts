/** A name without the ways of writing it: `sendEmail`, `send_email` and `Send-Email` are one. */
export function foldStyle(name: string): string {
  return name.toLowerCase().replaceAll(/[_\-. ]/g, '')
}
