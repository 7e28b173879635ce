import type { Accuracy, Operating } from '../../evaluation/evaluate.ts'
import type { Report } from './evaluate.ts'
import { printTable } from './place.ts'

const HEAD = ['AP50', 'AP50-95', 'AP75', 'recall', 'boxes']

/** The figures of an evaluation as tables: all, by class, by size and by group. */
export function printEvaluation(report: Report): void {
  const { model, dataset, pictures, operatingScore, missingClasses, byClass, bySize, groups } = report
  const at = `at ${operatingScore}`
  const head = [...HEAD, `precision ${at}`, `recall ${at}`]
  process.stdout.write(`${model.name} on ${dataset.path}: ${pictures} pictures\n\n`)
  printTable([
    ['', ...head],
    ['all', ...accuracy(report), ...operating(report)],
    ...byClass.map((each) => [each.class, ...accuracy(each), ...operating(each)]),
    ...Object.entries(bySize).map(([size, each]) => [size, ...accuracy(each)]),
    ...groups.map((each) => [each.group, ...accuracy(each), ...operating(each)]),
  ])
  if (missingClasses.length > 0) {
    process.stdout.write(`\nThe model does not know ${missingClasses.join(', ')}: they do not count.\n`)
  }
}

function accuracy({ ap50, ap, ap75, recall, boxes }: Accuracy): string[] {
  return [...[ap50, ap, ap75, recall].map(share), String(boxes)]
}

function operating({ precisionAtScore, recallAtScore }: Operating): string[] {
  return [share(precisionAtScore), share(recallAtScore)]
}

/** A dash where there was nothing to find. */
function share(value: number | null): string {
  return value === null ? '–' : value.toFixed(3)
}
