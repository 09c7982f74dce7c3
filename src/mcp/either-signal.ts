/** A signal that aborts with whichever of two aborts first. */
export interface EitherSignal {
  readonly signal: AbortSignal
  /** Neither is listened to any more. */
  readonly release: () => void
}

/**
 * For what is over soon and can say so: `AbortSignal.any` costs a call some 15 µs, since it also serves those who never
 * let go.
 */
export function eitherSignal(one: AbortSignal, other: AbortSignal): EitherSignal {
  const controller = new AbortController()
  const release = (): void => {
    one.removeEventListener('abort', onOne)
    other.removeEventListener('abort', onOther)
  }
  const abort = (cause: AbortSignal): void => {
    release()
    controller.abort(cause.reason)
  }
  const onOne = (): void => {
    abort(one)
  }
  const onOther = (): void => {
    abort(other)
  }
  one.addEventListener('abort', onOne)
  other.addEventListener('abort', onOther)
  if (one.aborted) abort(one)
  else if (other.aborted) abort(other)
  return { signal: controller.signal, release }
}
