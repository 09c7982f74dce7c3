import { useCallback, useEffect, useState } from 'react'
import { get, needsLogin, wordsOf } from './gateway.ts'

export interface Resource<Answer> {
  readonly value?: Answer
  readonly problem?: string
  readonly ended?: boolean
  readonly again: () => void
}

/** What the gateway answers to a path, asked again when the path changes or `again` is called. */
export function useResource<Answer>(path: string): Resource<Answer> {
  const [found, setFound] = useState<{ path: string; value?: Answer; problem?: string; ended?: boolean }>({
    path,
  })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let stale = false
    const ask = async (): Promise<void> => {
      const next = await get<Answer>(path).then(
        (value) => ({ path, value }),
        (thrown: unknown) => ({ path, problem: wordsOf(thrown), ended: needsLogin(thrown) }),
      )
      if (!stale) setFound(next)
    }
    void ask()
    return () => {
      stale = true
    }
  }, [path, turn])
  const again = useCallback(() => setTurn((before) => before + 1), [])
  return found.path === path ? { ...found, again } : { again }
}
