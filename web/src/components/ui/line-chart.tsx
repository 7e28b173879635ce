import { type Line, linePath, scaleOf, ticksOf } from '../../lib/chart.ts'
import { figuresText } from '../../lib/numbers.ts'

interface LineChartProps {
  /** Read out in place of the picture. */
  readonly label: string
  readonly lines: readonly (Line & { readonly name: string; readonly colour: string })[]
  /** What is counted along the bottom. */
  readonly across: string
}

const WIDTH = 640
const HEIGHT = 240
const FRAME = { left: 44, right: 16, top: 10, bottom: 26 }

/** Figures over something that goes on, drawn as lines from their smallest to their largest. */
export function LineChart({ label, lines, across }: LineChartProps) {
  const scale = scaleOf(lines, { width: WIDTH, height: HEIGHT, ...FRAME })
  return (
    <figure>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} className="w-full">
        {ticksOf(scale.y.from, scale.y.to).map((value) => (
          <g key={value}>
            <line
              x1={FRAME.left}
              x2={WIDTH - FRAME.right}
              y1={scale.y.at(value)}
              y2={scale.y.at(value)}
              stroke="var(--line)"
            />
            <text x={FRAME.left - 6} y={scale.y.at(value) + 4} textAnchor="end" fontSize="11" fill="var(--muted)">
              {short(value)}
            </text>
          </g>
        ))}
        {ticksOf(scale.x.from, scale.x.to).map((value) => (
          <text key={value} x={scale.x.at(value)} y={HEIGHT - 8} textAnchor="middle" fontSize="11" fill="var(--muted)">
            {short(value)}
          </text>
        ))}
        {lines.map(({ name, colour, points }) => (
          <path
            key={name}
            d={linePath(points, scale)}
            fill="none"
            stroke={colour}
            strokeWidth="2"
            strokeLinejoin="round"
          />
        ))}
      </svg>
      <figcaption className="flex flex-wrap gap-x-4 gap-y-1 pl-11 text-xs">
        {lines.map(({ name, colour, points }) => (
          <span key={name} className="flex items-center gap-1.5">
            <span aria-hidden="true" className="h-0.5 w-4 rounded-full" style={{ background: colour }} />
            {name}
            <span className="text-muted tabular-nums">{points.length > 0 && short(points.at(-1)![1])}</span>
          </span>
        ))}
        <span className="ml-auto text-muted">{across}</span>
      </figcaption>
    </figure>
  )
}

function short(value: number): string {
  return figuresText(value, 3)
}
