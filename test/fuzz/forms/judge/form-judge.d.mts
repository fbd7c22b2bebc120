/** The judge of forms by RFC 2046 and RFC 7578. */
export function judgeForm(
  contentType: string | undefined,
  body: Buffer,
): {
  readonly verdict: 'whole' | 'doubtful' | 'broken';
  readonly reason: string;
  readonly files: readonly { readonly name: string; readonly content: Buffer }[];
};
