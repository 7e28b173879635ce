import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly name: string
  readonly of: (row: Row) => ReactNode
  /** Classes of one cell, for what must strike the eye. */
  readonly look?: (row: Row) => string
}

interface FigureTableProps<Row> {
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  /** The first one names the row, the others are its figures. */
  readonly columns: readonly [Column<Row>, ...Column<Row>[]]
  readonly isStrong?: (row: Row) => boolean
}

const FIGURE = 'py-1.5 pl-4 text-right tabular-nums whitespace-nowrap'

/** Names with their figures; where there is no room for all of them it scrolls by itself. */
export function FigureTable<Row>({ rows, keyOf, columns: [head, ...figures], isStrong }: FigureTableProps<Row>) {
  return (
    <div
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      className="overflow-x-auto"
    >
      <table className="w-full text-left">
        <thead className="text-muted text-xs">
          <tr className="border-line border-b">
            <th className="py-1.5 font-medium">{head.name}</th>
            {figures.map(({ name }) => (
              <th key={name} className={`${FIGURE} font-medium`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => (
            <tr key={keyOf(row)} className={isStrong?.(row) ? 'font-semibold' : ''}>
              <th scope="row" className="py-1.5 font-medium">
                {head.of(row)}
              </th>
              {figures.map(({ name, of, look }) => (
                <td key={name} className={`${FIGURE} ${look?.(row) ?? ''}`}>
                  {of(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
