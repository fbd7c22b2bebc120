type Content = ReadableStream<Uint8Array<ArrayBuffer>>;

/**
 * Reads the lines of a text while it comes, those of one piece at once. As one text, each answer would be memory beside the
 * scripts' own, which a browser frees late.
 */
export async function* linesOf(content: Content): AsyncGenerator<readonly string[]> {
  const reader = content.getReader();
  const decoder = new TextDecoder();
  let begun = '';
  for (;;) {
    const text = await nextText(reader, decoder);
    if (text === undefined) break;
    const lines = (begun + text).split('\n');
    begun = lines.pop() ?? '';
    yield lines;
  }
  if (begun !== '') yield [begun];
}

/** Keeps nothing of the bytes, which would stay for as long as their lines are worked on. */
async function nextText(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  decoder: InstanceType<typeof TextDecoder>,
): Promise<string | undefined> {
  const { value, done } = await reader.read();
  return done ? undefined : decoder.decode(value, { stream: true });
}
