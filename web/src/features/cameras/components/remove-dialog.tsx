import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation } from 'urql'
import { Button } from '../../../components/ui/button.tsx'
import { Dialog } from '../../../components/ui/dialog.tsx'
import { problemIn } from '../../../lib/message-of.ts'
import { type Camera, RemoveCameraDocument } from '../api/cameras.ts'

export function RemoveDialog({ camera, onClose }: { readonly camera: Camera; readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [{ fetching }, remove] = useMutation(RemoveCameraDocument)
  const [problem, setProblem] = useState('')
  const confirm = async () => {
    const { data, error } = await remove({ input: { id: camera.id } })
    const message = problemIn(data?.removeCamera.errors, error)
    if (message) setProblem(message)
    else onClose()
  }
  return (
    <Dialog title={t('cameras.removeTitle')} onClose={onClose}>
      <p>{t('cameras.removeHelp', { name: camera.name })}</p>
      {problem && (
        <p role="alert" className="mt-3 text-bad">
          {problem}
        </p>
      )}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button kind="danger" onClick={() => void confirm()} disabled={fetching}>
          {t('cameras.remove')}
        </Button>
      </div>
    </Dialog>
  )
}
