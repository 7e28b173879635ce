import { type ChangeEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMutation } from 'urql'
import { Dialog } from '../../../components/ui/dialog.tsx'
import { problemIn } from '../../../lib/message-of.ts'
import { ImportCamerasDocument, type ImportResult } from '../api/cameras.ts'

export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [{ fetching }, run] = useMutation(ImportCamerasDocument)
  const [result, setResult] = useState<ImportResult>()
  const [problem, setProblem] = useState('')
  const choose = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0]
    if (!file) return
    const { data, error } = await run({ input: { catalogue: await file.text() } })
    setResult(data?.importCameras)
    setProblem(problemIn(data?.importCameras.errors, error) ?? '')
  }
  return (
    <Dialog title={t('cameras.importTitle')} onClose={onClose}>
      <p className="mb-3 text-muted">{t('cameras.importHelp')}</p>
      <input
        type="file"
        aria-label={t('cameras.importChoose')}
        accept=".json,.csv,.txt"
        disabled={fetching}
        onChange={(event) => void choose(event)}
      />
      {problem && (
        <p role="alert" className="mt-3 text-bad">
          {problem}
        </p>
      )}
      {result && !problem && <Report result={result} />}
    </Dialog>
  )
}

function Report({ result }: { readonly result: ImportResult }) {
  const { t } = useTranslation()
  return (
    <div role="status" className="mt-4">
      <p className="font-medium">{t('cameras.importDone', { ...result, rejected: result.rejected.length })}</p>
      <ul className="mt-2 max-h-52 overflow-auto text-muted text-xs">
        {result.rejected.slice(0, 200).map(({ row, reason }) => (
          <li key={row}>{t('cameras.row', { row, reason })}</li>
        ))}
      </ul>
    </div>
  )
}
