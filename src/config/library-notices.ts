/**
 * Stops the AWS SDK's warning, on Node 20, that its later releases need a newer Node. The SDK is pinned, and the README says which
 * Node to use. The SDK reads the variable at its first use.
 */
export function silenceLibraryNotices(environment: NodeJS.ProcessEnv = process.env): void {
  environment['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
