const PLAIN_NAME = /^[\w.-]{1,128}$/

/** Whether a tool's name can stand where nothing is erased: a URI may name a path, and what an agent makes up anything. */
export function isPlainName(name: string): boolean {
  return PLAIN_NAME.test(name)
}
