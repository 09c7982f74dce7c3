import { useEffect, useState } from 'react'
import type { StreamMessage } from './event-text.ts'
import { needsLogin, readStream, wordsOf } from './gateway.ts'

/** `lost` says why nothing comes; it is tried again by itself. */
export interface StreamState {
  readonly live: boolean
  readonly lost?: string
  readonly ended?: boolean
}

/** Milliseconds between two tries. */
const AGAIN = 2_000

/** Follows a stream as long as the screen is there, from where it was cut off. */
export function useStream(
  pathFrom: (last: string) => string,
  heard: (message: StreamMessage) => void,
): StreamState {
  const [state, setState] = useState<StreamState>({ live: false })
  useEffect(() => {
    const gone = new AbortController()
    void follow({ pathFrom, heard, signal: gone.signal, tell: setState })
    return () => gone.abort()
  }, [pathFrom, heard])
  return state
}

async function follow(way: {
  readonly pathFrom: (last: string) => string
  readonly heard: (message: StreamMessage) => void
  readonly signal: AbortSignal
  readonly tell: (state: StreamState) => void
}): Promise<void> {
  const { pathFrom, heard, signal, tell } = way
  let last = ''
  while (!signal.aborted) {
    try {
      await readStream(pathFrom(last), signal, (message) => {
        if (signal.aborted) return
        if (message.id !== '') last = message.id
        heard(message)
        tell({ live: true })
      })
    } catch (thrown) {
      if (signal.aborted) return
      const ended = needsLogin(thrown)
      tell({ live: false, lost: wordsOf(thrown), ended })
      if (ended) return
    }
    await new Promise((resolve) => {
      setTimeout(resolve, AGAIN)
    })
  }
}
