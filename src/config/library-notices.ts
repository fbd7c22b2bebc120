/**
 * Keeps the AWS SDK from warning, on Node 20, of its own later releases: this one is pinned, and the README says which Node to take.
 * It looks at the variable when it is first used.
 */
export function silenceLibraryNotices(environment: NodeJS.ProcessEnv = process.env): void {
  environment['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
