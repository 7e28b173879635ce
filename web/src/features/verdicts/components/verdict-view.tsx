import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { FramePicture } from '../../../components/frame-picture.tsx'
import { Chip } from '../../../components/ui/chip.tsx'
import { Digest } from '../../../components/ui/digest.tsx'
import { Facts } from '../../../components/ui/facts.tsx'
import { Panel } from '../../../components/ui/panel.tsx'
import { Segmented } from '../../../components/ui/segmented.tsx'
import { timeText } from '../../../lib/times.ts'
import type { Verdict } from '../api/verdicts.ts'
import { Gold } from './gold.tsx'

const LINK = 'underline decoration-line underline-offset-2'

export function VerdictView({ verdict }: { readonly verdict: Verdict }) {
  const { t } = useTranslation()
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <header className="mx-auto flex max-w-7xl min-[2200px]:max-w-[100rem] flex-wrap items-center gap-3 px-4 pt-4">
        <h2 className="font-semibold text-lg tracking-tight">{verdict.camera.name}</h2>
        <Chip kind={verdict.withdrawnAt ? 'warn' : verdict.stands ? 'good' : 'plain'}>
          {verdict.withdrawnAt ? t('verdicts.takenBack') : t(`verdicts.short.${verdict.verdict}`)}
        </Chip>
      </header>
      <div className="mx-auto grid max-w-7xl min-[2200px]:max-w-[100rem] items-start gap-4 p-4 lg:grid-cols-[minmax(0,2fr)_minmax(18rem,1fr)]">
        <Picture verdict={verdict} />
        <div className="flex flex-col gap-4">
          <Panel title={t('verdicts.said')}>
            <Story verdict={verdict} />
          </Panel>
          <Panel title={t('verdicts.taught')}>
            <Taught verdict={verdict} />
          </Panel>
          {verdict.stands && (
            <Panel title={t('verdicts.gold')}>
              <Gold itemId={verdict.itemId} />
            </Panel>
          )}
        </div>
      </div>
    </div>
  )
}

type Side = 'drawn' | 'shown'

function Picture({ verdict }: { readonly verdict: Verdict }) {
  const { t } = useTranslation()
  const [side, setSide] = useState<Side>('drawn')
  const boxes = verdict[side]
  return (
    <Panel
      title={t('verdicts.picture')}
      aside={
        <Segmented
          label={t('verdicts.boxesOf')}
          value={side}
          options={[
            { value: 'shown', label: t('verdicts.model') },
            { value: 'drawn', label: t('verdicts.person') },
          ]}
          onChange={setSide}
        />
      }
    >
      <FramePicture
        url={verdict.imageUrl}
        width={verdict.width}
        height={verdict.height}
        boxes={boxes}
        label={t('datasets.pictureOf', { camera: verdict.camera.name, count: boxes.length })}
      />
    </Panel>
  )
}

function Story({ verdict }: { readonly verdict: Verdict }) {
  const { t, i18n } = useTranslation()
  const { annotator, shownBy, drawn, rule, agreedBy, withdrawnAt, withdrawnBy } = verdict
  const time = (at: string): string => timeText(at, i18n.language, 'dayAndClock')
  return (
    <>
      <Facts
        facts={[
          [t('verdicts.verdict'), t(`verdicts.kind.${verdict.verdict}`, { count: drawn.length })],
          [
            t('verdicts.by'),
            <Link key="by" to={`/verdicts?by=${encodeURIComponent(annotator)}`} className={LINK}>
              {annotator}
            </Link>,
          ],
          [t('verdicts.at'), time(verdict.recordedAt)],
          [t('verdicts.captured'), time(verdict.capturedAt)],
          [t('verdicts.light'), t([`datasets.light.${verdict.light}`, verdict.light])],
          [
            t('verdicts.shownBy'),
            <Link key="model" to={`/models?model=${shownBy.id}`} className={LINK}>
              {shownBy.name}
            </Link>,
          ],
          [
            t('verdicts.standing'),
            rule ? t(`verdicts.rule.${rule}`, { people: agreedBy.join(', ') }) : t('verdicts.none'),
          ],
        ]}
      />
      {withdrawnAt && (
        <p className="mt-3 rounded-md border border-warn/50 px-3 py-2 text-warn">
          {t('verdicts.withdrawn', { time: time(withdrawnAt), by: withdrawnBy ?? annotator })}
        </p>
      )}
    </>
  )
}

function Taught({ verdict: { taught, withdrawnAt } }: { readonly verdict: Verdict }) {
  const { t } = useTranslation()
  if (taught.length === 0) return <p className="text-muted">{t('verdicts.taughtNone')}</p>
  return (
    <ul className="flex flex-col gap-2">
      {taught.map(({ id, name }) => (
        <li key={id} className="flex items-center gap-3">
          <Link to={`/models?model=${id}`} className={`truncate font-medium ${LINK}`}>
            {name}
          </Link>
          <Digest of={id} />
          {withdrawnAt && <Chip kind="warn">{t('verdicts.carries')}</Chip>}
        </li>
      ))}
    </ul>
  )
}
