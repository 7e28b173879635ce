/** `sentinel.camera.online.v1` to the key of its words. */
export function typeKey(type: string): string {
  return `events.type.${type
    .replace(/^sentinel\./, '')
    .replace(/\.v\d+$/, '')
    .replaceAll('.', '-')}`
}
