interface AbsenceProps {
  readonly reason: string
  readonly advice: string | undefined
}

/** Over a picture that is not there: why, and what to do. */
export function Absence({ reason, advice }: AbsenceProps) {
  return (
    <div className="absolute inset-0 z-10 m-auto flex h-fit max-h-full flex-col items-center justify-center gap-1 overflow-hidden bg-black/55 p-3 text-center text-white">
      <p>{reason}</p>
      {advice && <p className="max-w-prose text-white/85 text-xs">{advice}</p>}
    </div>
  )
}
