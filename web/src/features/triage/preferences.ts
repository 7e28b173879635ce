import { useState } from 'react'

const KEY = 'sentinel-second-opinions'

/** Whether this person also looks at what others have judged; kept in the browser. */
export function useSecondOpinions(): [boolean, (isOn: boolean) => void] {
  const [isOn, setIsOn] = useState(() => localStorage.getItem(KEY) === 'on')
  return [
    isOn,
    (next) => {
      localStorage.setItem(KEY, next ? 'on' : 'off')
      setIsOn(next)
    },
  ]
}
