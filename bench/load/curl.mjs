import { timedCommand } from './timed-command.mjs';

// No `Expect: 100-continue`, which would cost a server that answers it another round trip.
const QUIET = ['-sS', '--fail-with-body', '--noproxy', '*', '-H', 'Expect:'];

export async function curlForm({ host, stage, file, name }) {
  const form = `upload=@${file};filename=${name}`;
  const headers = ['-H', `x-databend-stage-name: ${stage}`];
  return curl([...headers, '-u', 'root:bench', '-X', 'PUT', '-F', form, `http://${host}/v1/upload_to_stage`]);
}

export async function curlPut({ url, file, headers = [], method = 'PUT' }) {
  return curl(['-X', method, ...headers.flatMap((header) => ['-H', header]), '-T', file, url]);
}

export async function curlGet({ url, credentials }) {
  return curl([...(credentials ? ['-u', credentials] : []), '-o', '/dev/null', url]);
}

async function curl(args) {
  return timedCommand('curl', [...QUIET, ...args]);
}
