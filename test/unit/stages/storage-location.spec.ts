import { assertNoLocalPath } from '../../../src/stages/connections/local-path.js';
import { ofKind } from '../of-kind.js';

it.each([
  ['/x/', 'local filesystem paths must use fs:///path/ instead of /path/'],
  ['//x/', 'local filesystem paths must use fs:///path/ instead of /path/'],
  ['file:///x/', 'local filesystem paths must use fs:///path/ instead of file:///path/'],
  ['FILE:/x/', 'local filesystem paths must use fs:///path/ instead of file:///path/'],
  ['fs://x', 'fs locations must start with fs:///'],
  ['FS://x/y/', 'fs locations must start with fs:///'],
  ['fs://', 'fs locations must start with fs:///'],
])('%j is refused: %s', (url, message) => {
  expect(() => {
    assertNoLocalPath(url);
  }).toThrow(ofKind('InvalidLocation', { message }));
});

it.each(['fs:///x/', 's3://bucket/', 'files://x/', 'x'])('%j is not refused for being local', (url) => {
  expect(() => {
    assertNoLocalPath(url);
  }).not.toThrow();
});
