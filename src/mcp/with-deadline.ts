import { RemitError } from '../core/errors.ts'

/** Gives up waiting, not the work: a slow server's answer is there for the next who asks. */
export async function withDeadline<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new RemitError('upstream_timeout', 'the server did not answer in time'))
  }, milliseconds)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
