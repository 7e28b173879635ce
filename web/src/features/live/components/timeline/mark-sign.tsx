import { type MarkKind, MINUTES } from '../../timeline/timeline.ts'

/** On the dark ground of the picture, by day and by night; told apart by their shapes too. */
const SIGNS: Readonly<Record<MarkKind, { readonly colour: string; readonly path: string }>> = {
  offline: { colour: '#ff8a80', path: 'M1 1l6 6M7 1l-6 6' },
  review: { colour: '#f2b84b', path: 'M4 0.8l3.2 3.2l-3.2 3.2l-3.2 -3.2z' },
  online: { colour: '#4cc38a', path: 'M4 1a3 3 0 1 0 0.01 0z' },
  other: { colour: '#98a4ae', path: 'M1.5 4h5' },
}

interface MarkSignProps {
  readonly kind: MarkKind | undefined
  /** Which minute it stands above. */
  readonly index: number
}

/** Above a minute in which something happened. */
export function MarkSign({ kind, index }: MarkSignProps) {
  if (!kind) return null
  const { colour, path } = SIGNS[kind]
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 8 8"
      data-mark={kind}
      className="pointer-events-none absolute top-0.5 size-2 -translate-x-1/2"
      style={{ left: `${((index + 0.5) / MINUTES) * 100}%` }}
    >
      <path
        d={path}
        stroke={colour}
        strokeWidth="1.6"
        fill={kind === 'review' || kind === 'online' ? colour : 'none'}
      />
    </svg>
  )
}
