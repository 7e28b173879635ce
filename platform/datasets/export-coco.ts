import type { Manifest } from './manifest.ts'

/** The COCO file of one side (cocodataset.org, "Data format"); pictures are named by their digest. */
export function cocoOf({ classes, entries }: Manifest, split: 'train' | 'val'): string {
  const labelled = entries.filter((entry) => entry.split === split && entry.boxes !== null)
  const images = labelled.map(({ image, width, height }, i) => ({
    id: i + 1,
    file_name: `${image}.jpg`,
    width,
    height,
  }))
  const annotations = labelled.flatMap(({ boxes, width, height }, i) =>
    boxes!.map(({ class: name, box: [x, y, across, down] }) => ({
      image_id: i + 1,
      category_id: classes.indexOf(name) + 1,
      bbox: [x * width, y * height, across * width, down * height],
      area: across * width * down * height,
      iscrowd: 0,
      segmentation: [],
    })),
  )
  return JSON.stringify({
    info: { description: 'Sentinel' },
    licenses: [],
    categories: classes.map((name, i) => ({ id: i + 1, name, supercategory: '' })),
    images,
    annotations: annotations.map((annotation, i) => ({ id: i + 1, ...annotation })),
  })
}
