/** The names of the blanks of a text: `{{name}}` or `{{name, format}}`. */
export type BlanksIn<Text extends string> = Text extends `${string}{{${infer Blank}}}${infer Rest}`
  ? NameIn<Blank> | BlanksIn<Rest>
  : never
type NameIn<Blank extends string> = Blank extends `${infer Name}, ${string}` ? Name : Blank

export type BlankValues<Name extends string> = Readonly<Record<Name, string | number>>

/** How numbers are written in English; the dashboard has the same formats in the language of its reader. */
const FORMATS: Readonly<Record<string, (value: number) => string>> = {
  /** Of a share of 1. */
  percent: (share) => `${(share * 100).toFixed(1)} %`,
  whole: (share) => `${Math.round(share * 100)} %`,
  fine: (value) => value.toFixed(2),
}

/** What has no value stays a blank. */
export function filled(text: string, blanks: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{\{(\w+)(?:, (\w+))?\}\}/g, (blank, name: string, format: string | undefined) => {
    const value = blanks[name]
    if (value === undefined) return blank
    return format === undefined ? String(value) : FORMATS[format]!(Number(value))
  })
}
