import { type FormEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation } from 'urql'
import { Button } from '../../../components/ui/button.tsx'
import { Dialog } from '../../../components/ui/dialog.tsx'
import { Field } from '../../../components/ui/field.tsx'
import { problemIn as messageIn } from '../../../lib/message-of.ts'
import type { Refusal } from '../../../lib/refusal.ts'
import { AddCameraDocument, type Camera, type CameraValues, UpdateCameraDocument } from '../api/cameras.ts'
import { readForm } from '../form-values.ts'
import { ScheduleField } from './schedule-field.tsx'
import { SourceTest } from './source-test.tsx'

interface CameraFormProps {
  readonly camera?: Camera
  readonly onClose: () => void
}

export function CameraForm({ camera, onClose }: CameraFormProps) {
  const { t } = useTranslation()
  const { save, isSaving } = useSave(camera)
  const [problem, setProblem] = useState<Problem>()
  const [schedule, setSchedule] = useState(camera?.schedule ?? null)
  const form = useRef<HTMLFormElement>(null)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const read = readForm(new FormData(event.currentTarget), camera?.source)
    if ('notANumber' in read) {
      const message = t('cameras.notANumber', { field: t(`cameras.${read.notANumber}`) })
      return setProblem({ field: read.notANumber, message })
    }
    const found = await save({ ...read.values, schedule })
    if (found) setProblem(found)
    else onClose()
  }
  const problemOf = (field: string) => (problem?.field === field ? problem.message : undefined)
  return (
    <Dialog title={t(camera ? 'cameras.edit' : 'cameras.add')} onClose={onClose}>
      <form ref={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('cameras.name')} name="name" defaultValue={camera?.name} required />
        <Field
          label={t('cameras.source')}
          name="source"
          problem={problemOf('source')}
          defaultValue={camera?.source}
          hint={t(camera ? 'cameras.keepSource' : 'cameras.sourceHint')}
          placeholder="rtsp://user:password@10.0.0.9/stream"
          required
        />
        <SourceTest form={form} cameraId={camera?.id} />
        <div className="flex gap-3">
          <Field
            label={t('cameras.latitude')}
            name="latitude"
            problem={problemOf('latitude')}
            defaultValue={camera?.latitude}
            inputMode="decimal"
          />
          <Field
            label={t('cameras.longitude')}
            name="longitude"
            problem={problemOf('longitude')}
            defaultValue={camera?.longitude}
            inputMode="decimal"
          />
        </div>
        <div className="flex gap-3">
          <Field
            label={t('cameras.heading')}
            name="heading"
            problem={problemOf('heading')}
            defaultValue={camera?.heading}
            inputMode="decimal"
          />
          <Field
            label={t('cameras.fps')}
            name="fps"
            problem={problemOf('fps')}
            defaultValue={camera?.fps}
            inputMode="decimal"
          />
        </div>
        <ScheduleField schedule={schedule} onChange={setSchedule} />
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            name="enabled"
            defaultChecked={camera?.enabled ?? true}
            className="size-4 accent-accent"
          />
          {t('cameras.enabled')}
        </label>
        {problem && !problem.field && (
          <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
            {problem.message}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button kind="primary" type="submit" disabled={isSaving}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

interface Problem {
  /** The field it is about; of the whole form without it. */
  readonly field?: string
  readonly message: string
}

/** Adds or updates. @returns what is wrong, if anything. */
function useSave(camera: Camera | undefined) {
  const [adding, add] = useMutation(AddCameraDocument)
  const [updating, update] = useMutation(UpdateCameraDocument)
  const save = async (values: CameraValues): Promise<Problem | undefined> => {
    if (!camera) {
      const { data, error } = await add({ input: values })
      return problemIn(data?.addCamera.errors, error)
    }
    const { data, error } = await update({ input: { id: camera.id, ...values } })
    return problemIn(data?.updateCamera.errors, error)
  }
  return { save, isSaving: adding.fetching || updating.fetching }
}

function problemIn(errors: readonly Refusal[] = [], failure: Error | undefined): Problem | undefined {
  const message = messageIn(errors, failure)
  if (message === undefined) return undefined
  return errors[0]?.code === 'SOURCE_REFUSED' ? { field: 'source', message } : { message }
}
