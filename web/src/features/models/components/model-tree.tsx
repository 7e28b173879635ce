import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { Digest } from '../../../components/ui/digest.tsx'
import { timeText } from '../../../lib/times.ts'
import type { ListedModel } from '../api/models.ts'
import type { Branch } from '../family-tree.ts'
import { ModelChip } from './model-chip.tsx'

interface ModelTreeProps {
  readonly tree: readonly Branch<ListedModel>[]
  readonly chosen: string | undefined
  /** Of the cameras, that a canary looks at. */
  readonly share: number | undefined
}

/** Pixels that a child is further in than its parent. */
const STEP = 20

/** Who learnt from whom. */
export function ModelTree({ tree, chosen, share }: ModelTreeProps) {
  return (
    <ul>
      {tree.map((branch) => (
        <li key={branch.id} className="relative">
          {branch.depth > 0 && <Twig {...branch} />}
          {branch.model ? (
            <Entry model={branch.model} depth={branch.depth} isChosen={branch.id === chosen} share={share} />
          ) : (
            <Gone id={branch.id} />
          )}
        </li>
      ))}
    </ul>
  )
}

function Twig({ depth }: Branch<ListedModel>) {
  return (
    <span
      aria-hidden="true"
      className="pointer-events-none absolute top-0 h-6 w-2.5 rounded-bl-md border-muted/60 border-b border-l"
      style={{ left: 8 + (depth - 1) * STEP + 12 }}
    />
  )
}

interface EntryProps {
  readonly model: ListedModel
  readonly depth: number
  readonly isChosen: boolean
  readonly share: number | undefined
}

function Entry({ model, depth, isChosen, share }: EntryProps) {
  const { i18n } = useTranslation()
  const { id, name, registeredAt } = model
  return (
    <Link
      to={`?model=${id}`}
      replace
      aria-current={isChosen}
      style={{ paddingLeft: 16 + depth * STEP }}
      className={`flex flex-col gap-0.5 border-line border-b py-2.5 pr-4 outline-offset-[-2px] ${isChosen ? 'bg-accent-soft' : 'hover:bg-surface'}`}
    >
      <span className="flex items-center justify-between gap-3">
        <span className="truncate font-medium">{name}</span>
        <ModelChip model={model} share={share} />
      </span>
      <span className="flex items-center gap-2 text-muted text-xs tabular-nums">
        <Digest of={id} />
        {registeredAt && timeText(registeredAt, i18n.language, 'moment')}
      </span>
    </Link>
  )
}

function Gone({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  return (
    <p className="flex items-center justify-between gap-3 border-line border-b px-4 py-2.5 text-muted">
      {t('models.gone')}
      <Digest of={id} />
    </p>
  )
}
