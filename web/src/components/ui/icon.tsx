const PATHS = {
  grid: 'M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z',
  map: 'M9 4 3 6v14l6-2 6 2 6-2V4l-6 2zM9 4v14M15 6v14',
  list: 'M4 6h16M4 12h16M4 18h10',
  camera: 'M3 8h13v9H3zM16 11l5-3v9l-5-3z',
  check: 'M4 12.5 9 18 20 6',
  curve: 'M4 4v16h16M7 15l4-5 3 3 5-7',
  cube: 'M12 3 4 7.5v9L12 21l8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9',
  layers: 'M12 3 3 8l9 5 9-5zM3 12l9 5 9-5M3 16l9 5 9-5',
  pulse: 'M3 12h4l3-8 4 16 3-8h4',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l5 5',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  sliders: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  plus: 'M12 5v14M5 12h14',
  upload: 'M12 16V5M7 9l5-5 5 5M4 19h16',
  close: 'M6 6l12 12M18 6 6 18',
  boxes: 'M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M9 9h6v6H9z',
  tag: 'M4 12V5a1 1 0 0 1 1-1h7l8 8-8 8zM8.5 8.5h.01',
  route: 'M5 19a2 2 0 1 0 0-.01M5 17V9a4 4 0 0 1 8 0v6a4 4 0 0 0 6 3M19 5v9',
  polygon: 'M5 8 12 4l7 5-2 9-9 2zM5 8h.01M12 4h.01M19 9h.01M17 18h.01M8 20h.01',
  percent: 'M18 6 6 18M7.5 6a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3M16.5 15a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3',
  expand: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14',
  undo: 'M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6',
  skip: 'M5 5l9 7-9 7zM18 5v14',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      viewBox="0 0 24 24"
      className="size-[18px] shrink-0"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
