import { useEffect, useState } from 'react'
import { type Resource, useResource } from './use-resource.ts'

const AGAIN_MS = 10_000

/** What the gateway answers to a path, asked again every ten seconds while the page is seen; what came last stays meanwhile. */
export function useFollowed<Answer>(path: string): Resource<Answer> {
  const now = useResource<Answer>(path)
  const { value, again } = now
  const [last, setLast] = useState<{ readonly path: string; readonly value: Answer }>()
  useEffect(() => {
    if (value !== undefined) setLast({ path, value })
  }, [path, value])
  useEffect(() => {
    const ask = (): void => {
      if (document.visibilityState === 'visible') again()
    }
    const timer = setInterval(ask, AGAIN_MS)
    document.addEventListener('visibilitychange', ask)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', ask)
    }
  }, [again])
  return value === undefined && last?.path === path ? { ...now, value: last.value } : now
}
