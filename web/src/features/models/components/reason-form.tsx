import { type FormEvent, type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../../components/ui/button.tsx'
import { Dialog } from '../../../components/ui/dialog.tsx'
import { Field } from '../../../components/ui/field.tsx'

interface ReasonFormProps {
  readonly title: string
  readonly children: ReactNode
  readonly action: string
  readonly kind: 'primary' | 'danger'
  readonly isSending: boolean
  /** Why the server would not. */
  readonly problem: string | undefined
  readonly onSubmit: (reason: string) => void
  readonly onClose: () => void
}

/** Says what is about to be done, and asks why: the answer goes into the commit. */
export function ReasonForm({ title, children, action, kind, isSending, problem, onSubmit, onClose }: ReasonFormProps) {
  const { t } = useTranslation()
  const [isMissing, setIsMissing] = useState(false)
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const reason = String(new FormData(event.currentTarget).get('reason')).trim()
    setIsMissing(reason === '')
    if (reason !== '') onSubmit(reason)
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        {children}
        <Field
          label={t('models.reason')}
          name="reason"
          hint={t('models.reasonHelp')}
          problem={isMissing ? t('models.reasonMissing') : undefined}
          required
        />
        {problem && (
          <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
            {problem}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button kind={kind} type="submit" disabled={isSending}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
