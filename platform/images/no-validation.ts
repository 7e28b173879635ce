/**
 * In place of ajv where a program is bundled: @platformatic/kafka sets it up to check the options of its own clients, of which nothing is
 * used here, and that was half of what its parts took to load.
 */
export class Ajv2020 {
  addKeyword(): void {}
}
