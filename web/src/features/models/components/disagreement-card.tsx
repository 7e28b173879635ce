import { useTranslation } from 'react-i18next'
import { FramePicture } from '../../../components/frame-picture.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { differingIn } from '../../../lib/differing.ts'
import { timeText } from '../../../lib/times.ts'
import { useWish } from '../../../lib/use-wish.ts'
import { type Better, type Disagreement, JudgeDocument } from '../api/models.ts'
import { shareText } from '../rollout-words.ts'

/** One frame as both models see it, and who a person finds right. */
export function DisagreementCard({ frame }: { readonly frame: Disagreement }) {
  const { t, i18n } = useTranslation()
  const { id, camera, capturedAt, agreement, better, judgedBy } = frame
  const { send, isSending, problem } = useWish(JudgeDocument)
  const judge = (said: Better) => () => void send({ id, better: said === better ? null : said })
  const button = (said: Better) => (
    <Button onClick={judge(said)} disabled={isSending} pressed={said === better}>
      {t(`models.better.${said}`)}
    </Button>
  )
  return (
    <li className="overflow-hidden rounded-md border border-line">
      <p className="flex justify-between gap-3 border-line border-b px-2.5 py-1.5 text-xs">
        <span className="truncate">
          {camera.name} <span className="text-muted">{timeText(capturedAt, i18n.language, 'moment')}</span>
        </span>
        <span className="shrink-0 text-muted tabular-nums">
          {t('models.agreement', { share: shareText(agreement) })}
        </span>
      </p>
      <div className="grid gap-px bg-line sm:grid-cols-2">
        <Side frame={frame} side="running" />
        <Side frame={frame} side="candidate" />
      </div>
      <div className="flex flex-wrap items-center gap-2 border-line border-t px-2.5 py-2 text-xs">
        {button('RUNNING')}
        {button('CANDIDATE')}
        {button('NEITHER')}
        {judgedBy && <span className="ml-auto text-muted">{t('models.judgedBy', { by: judgedBy })}</span>}
      </div>
      {problem && (
        <p role="alert" className="px-2.5 pb-2 text-bad text-xs">
          {problem}
        </p>
      )}
    </li>
  )
}

function Side({ frame, side }: { readonly frame: Disagreement; readonly side: 'running' | 'candidate' }) {
  const { t } = useTranslation()
  const { imageUrl, width, height, camera, candidateBoxes, runningBoxes } = frame
  const [boxes, others] = side === 'candidate' ? [candidateBoxes, runningBoxes] : [runningBoxes, candidateBoxes]
  const alone = differingIn(boxes, others)
  const who = t(`models.${side}`)
  return (
    <div className="bg-surface">
      <FramePicture
        url={imageUrl}
        width={width}
        height={height}
        boxes={boxes}
        meant={alone}
        label={`${who}: ${t('datasets.pictureOf', { camera: camera.name, count: boxes.length })}`}
      />
      <p className="flex justify-between gap-3 px-2.5 py-1.5 text-xs">
        <span className="font-medium">{who}</span>
        <span className="text-muted tabular-nums">{t('models.alone', { count: alone.size, boxes: boxes.length })}</span>
      </p>
    </div>
  )
}
