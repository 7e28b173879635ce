/** The words of the server, without the marks that the client puts before them. */
export function messageOf({ message }: Error): string {
  return message.replace(/^\[(GraphQL|Network)\] /, '')
}
