import { RemitError } from '../errors.ts'

/**
 * The query that finds every record of a task and of all below it, oldest first.
 * @throws RemitError `input_invalid` for what is no id.
 */
export function sessionQuery(task: string): string {
  // An id has no letter that would need more than quotes.
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(task)) throw new RemitError('input_invalid', 'that is no id of a task')
  return `under = "${task}" or id = "${task}" order by at asc`
}
