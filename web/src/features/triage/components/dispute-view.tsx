import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation } from 'urql'
import { FramePicture } from '../../../components/frame-picture.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { Keys } from '../../../components/ui/key.tsx'
import { differingIn } from '../../../lib/differing.ts'
import { useKeys } from '../../../lib/keys.ts'
import { problemIn } from '../../../lib/message-of.ts'
import { timeText } from '../../../lib/times.ts'
import { uuid } from '../../../lib/uuid.ts'
import type { Dispute, Opinion, SaidBox } from '../api/disputes.ts'
import { RecordVerdictDocument } from '../api/triage.ts'
import { agreedOf, allOf } from '../disputed-boxes.ts'

interface DisputeViewProps {
  readonly dispute: Dispute
  readonly onDecided: () => void
}

/** What each person says of a frame, side by side; whoever has not judged it says who is right. */
export function DisputeView({ dispute, onDecided }: DisputeViewProps) {
  const { t } = useTranslation()
  const { decide, isSending, problem } = useDecision(dispute, onDecided)
  const opinions = dispute.annotations.filter(({ withdrawnAt }) => withdrawnAt === null)
  const drawn = opinions.map((opinion) => opinion.drawn)
  const [all, agreed] = [allOf(drawn), agreedOf(drawn)]
  useKeys(t('triage.disputes'), [
    ...opinions.slice(0, 9).map((opinion, i) => ({
      keys: `${i + 1}`,
      label: t('triage.take', { annotator: opinion.annotator }),
      run: () => void decide(opinion.drawn),
    })),
    { keys: 'b', label: t('triage.takeAll'), run: () => all && void decide(all) },
    { keys: 'n', label: t('triage.takeAgreed'), run: () => void decide(agreed) },
  ])
  return (
    <div className="mx-auto flex max-w-7xl flex-col gap-4 p-4 min-[2200px]:max-w-[100rem]">
      <p className="text-muted">{t('triage.disputeHelp')}</p>
      {problem && (
        <p role="alert" className="rounded-lg bg-bad-soft px-4 py-3 text-bad">
          {problem}
        </p>
      )}
      <ul className="grid gap-4 xl:grid-cols-2">
        {opinions.map((opinion, i) => (
          <li key={opinion.id}>
            <Said
              dispute={dispute}
              opinion={opinion}
              others={opinions.filter((other) => other !== opinion)}
              digit={i + 1}
              isSending={isSending}
              onTake={() => void decide(opinion.drawn)}
            />
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-3">
        <Button onClick={() => all && void decide(all)} disabled={isSending || !all}>
          {t('triage.takeAll')} · {t('datasets.boxCount', { count: all?.length ?? 0 })}
          <Keys keys="b" />
        </Button>
        <Button onClick={() => void decide(agreed)} disabled={isSending}>
          {t('triage.takeAgreed')} · {t('datasets.boxCount', { count: agreed.length })}
          <Keys keys="n" />
        </Button>
        {!all && <span className="text-muted text-xs">{t('triage.takeAllNot')}</span>}
      </div>
    </div>
  )
}

interface SaidProps {
  readonly dispute: Dispute
  readonly opinion: Opinion
  readonly others: readonly Opinion[]
  readonly digit: number
  readonly isSending: boolean
  readonly onTake: () => void
}

function Said({ dispute, opinion, others, digit, isSending, onTake }: SaidProps) {
  const { t, i18n } = useTranslation()
  const { annotator, drawn, recordedAt } = opinion
  const alone = new Set(others.flatMap((other) => [...differingIn(drawn, other.drawn)]))
  return (
    <article aria-label={annotator} className="overflow-hidden rounded-lg border border-line bg-surface">
      <FramePicture
        url={dispute.imageUrl}
        width={dispute.width}
        height={dispute.height}
        boxes={drawn}
        meant={alone}
        label={`${annotator}: ${t('datasets.pictureOf', { camera: dispute.camera.name, count: drawn.length })}`}
      />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2">
        <span className="font-medium">{annotator}</span>
        <span className="text-muted text-xs tabular-nums">
          {t('datasets.boxCount', { count: drawn.length })} · {timeText(recordedAt, i18n.language, 'moment')}
        </span>
        <span className="ml-auto">
          <Button onClick={onTake} disabled={isSending}>
            {t('triage.take', { annotator })}
            <Keys keys={`${digit}`} />
          </Button>
        </span>
      </div>
    </article>
  )
}

/** Says which boxes there are, which makes them what counts. */
function useDecision({ id }: Dispute, onDecided: () => void) {
  const [{ fetching }, record] = useMutation(RecordVerdictDocument)
  const [problem, setProblem] = useState<string>()
  return {
    isSending: fetching,
    problem,
    decide: async (drawn: readonly SaidBox[]): Promise<void> => {
      const boxes = drawn.map(({ class: name, x, y, width, height }) => ({
        class: name,
        x,
        y,
        width,
        height,
        trackId: null,
      }))
      const said = { itemId: id, verdict: 'CORRECT' as const, boxes, key: uuid(), secondOpinion: true }
      const { data, error } = await record({ input: said })
      const refusal = problemIn(data?.recordVerdict.errors, error)
      setProblem(refusal)
      if (refusal === undefined) onDecided()
    },
  }
}
