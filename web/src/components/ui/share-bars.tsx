import { useTranslation } from 'react-i18next'
import { numberText } from '../../lib/numbers.ts'

interface ShareBarsProps {
  readonly shares: readonly { readonly name: string; readonly train: number; readonly val: number }[]
  /** What a name is called; itself without it. */
  readonly nameOf?: (name: string) => string
}

/** How much there is of each, to learn from and to judge by. */
export function ShareBars({ shares, nameOf = (name) => name }: ShareBarsProps) {
  const { t } = useTranslation()
  const most = Math.max(1, ...shares.map(({ train, val }) => train + val))
  return (
    <ul className="flex flex-col gap-1.5">
      {shares.map(({ name, train, val }) => (
        <li key={name} className="grid grid-cols-[minmax(4rem,8rem)_1fr_auto] items-center gap-3">
          <span className="truncate" title={nameOf(name)}>
            {nameOf(name)}
          </span>
          <span aria-hidden="true" className="flex h-2.5 gap-px overflow-hidden rounded-full bg-line/50">
            <span className="bg-accent" style={{ width: `${(train / most) * 100}%` }} />
            <span className="bg-warn" style={{ width: `${(val / most) * 100}%` }} />
          </span>
          <span className="text-right text-xs tabular-nums" title={t('datasets.share', { train, val })}>
            {numberText(train + val)}
          </span>
        </li>
      ))}
    </ul>
  )
}
