import { type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation } from 'urql'
import { Button } from '../../../components/ui/button.tsx'
import { Icon } from '../../../components/ui/icon.tsx'
import { problemIn } from '../../../lib/message-of.ts'
import { type Probe, TestCameraDocument } from '../api/cameras.ts'

interface SourceTestProps {
  readonly form: RefObject<HTMLFormElement | null>
  /** The camera that is edited, for its stored password. */
  readonly cameraId: string | undefined
}

type Result = { readonly probe: Probe } | { readonly problem: string }

/** Opens what the form says, and shows its first picture or what to do. */
export function SourceTest({ form, cameraId }: SourceTestProps) {
  const { t } = useTranslation()
  const [{ fetching }, test] = useMutation(TestCameraDocument)
  const [result, setResult] = useState<Result>()
  const run = async () => {
    setResult(undefined)
    const source = String(new FormData(form.current!).get('source') ?? '')
    const { data, error } = await test({ input: { source, ...(cameraId && { id: cameraId }) } })
    const probe = data?.testCamera.probe
    const problem = problemIn(data?.testCamera.errors, error) ?? ''
    setResult(probe ? { probe } : { problem })
  }
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-3">
        <Button onClick={() => void run()} disabled={fetching}>
          <Icon name="camera" />
          {t('cameras.test')}
        </Button>
        <span role="status" className="text-muted text-xs">
          {fetching && t('cameras.testing')}
        </span>
      </div>
      {result && ('probe' in result ? <Works probe={result.probe} /> : <Problem words={result.problem} />)}
    </div>
  )
}

function Works({ probe: { picture, width, height, fps, codec, ms } }: { readonly probe: Probe }) {
  const { t } = useTranslation()
  return (
    <figure className="overflow-hidden rounded-lg border border-line">
      <img src={picture} alt={t('cameras.firstPicture')} className="max-h-56 w-full bg-video object-contain" />
      <figcaption className="flex flex-wrap gap-x-3 px-3 py-2 text-xs">
        <span className="font-medium text-good">{t('cameras.works')}</span>
        <span className="tabular-nums">
          {width} × {height}
        </span>
        <span>{codec}</span>
        {fps !== null && <span className="tabular-nums">{t('live.fps', { fps: Math.round(fps) })}</span>}
        <span className="text-muted tabular-nums">{t('cameras.after', { ms: Math.round(ms) })}</span>
      </figcaption>
    </figure>
  )
}

function Problem({ words }: { readonly words: string }) {
  return (
    <p role="alert" className="break-words rounded-md bg-bad-soft px-3 py-2 text-bad">
      {words}
    </p>
  )
}
