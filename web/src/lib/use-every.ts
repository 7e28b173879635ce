import { useEffect, useRef } from 'react'

/** @param ms between two times; with Infinity, never. */
export function useEvery(ms: number, work: () => void): void {
  const latest = useRef(work)
  latest.current = work
  useEffect(() => {
    if (ms === Number.POSITIVE_INFINITY) return
    const timer = setInterval(() => latest.current(), ms)
    return () => clearInterval(timer)
  }, [ms])
}
