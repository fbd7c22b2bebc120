import { listedKey, type ListedKey } from '../../../src/storage/contract/listed-key.js';
import type { StorageProvider } from '../../../src/storage/contract/storage-provider.js';
import { faulty, type FaultyProvider } from './faulty-provider.js';

const SLASHES =
  'names: each of ["a/b.csv","a//b.csv","/a/b.csv","a/./b.csv","a/x/../b.csv","//a/b.csv","a/b.csv/"] is itself alone';
const SPACES =
  'names: each of ["lead.csv","/lead.csv","./lead.csv"," lead.csv","lead.csv ","lead.csv\\t"] is itself alone';

/** Those that take a name for another one. */
export const nameFaults: readonly FaultyProvider[] = [
  faulty('takes doubled slashes for one', SLASHES, (honest) =>
    under(honest, (key) => key.replace(/\/{2,}/g, '/')),
  ),
  faulty('drops a slash at the beginning', SLASHES, (honest) =>
    under(honest, (key) => key.replace(/^\//, '')),
  ),
  faulty('drops a slash at the end', SLASHES, (honest) => under(honest, (key) => key.replace(/\/$/, ''))),
  faulty('trims names', SPACES, (honest) => under(honest, (key) => key.trim())),
  faulty('reads an escape as its byte', 'names: an escape that stands for no bytes names nothing', (honest) =>
    under(honest, (key) =>
      key.replace(/\uFDD0([\dA-F]{2})/g, (_escape, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    ),
  ),
  faulty(
    'shows bytes that are no UTF-8 as U+FFFD',
    'names: bytes that are no UTF-8 are listed in their order, resumed at and removed',
    (honest) => ({
      list: async function* (options) {
        for await (const batch of honest.list(options)) {
          yield batch.map((stat) => ({ ...stat, key: listedKey(stat.key.replace(/\uFDD0../g, '\uFFFD')) }));
        }
      },
    }),
  ),
  faulty(
    'takes what ends in a slash for a marker',
    'list: shows an object with content that ends in a slash, and no marker unless it is asked for',
    (honest) => ({
      list: async function* (options) {
        for await (const batch of honest.list(options)) {
          const shown = batch.filter(({ key }) => options?.markers === true || !key.endsWith('/'));
          if (shown.length > 0) yield shown;
        }
      },
    }),
  ),
  faulty(
    'shows markers',
    'list: shows an object with content that ends in a slash, and no marker unless it is asked for',
    (honest) => ({ list: (options) => honest.list({ ...options, markers: true }) }),
  ),
  faulty(
    'stores what it does not list',
    'put: what is stored is listed, also where its name is that of a directory or below a file',
    hidesNested,
  ),
  faulty(
    'stores two at once of which it lists one',
    'put: of two at once of which a listing shows only one, one is refused',
    hidesNested,
  ),
  faulty(
    'removes an object whatever its etag is',
    'remove: with an etag takes that object, and no other one of its name',
    (honest) => ({ remove: (keys, options) => honest.remove(keys, { signal: options?.signal }) }),
  ),
];

/** As MinIO does. */
function hidesNested(honest: StorageProvider): Partial<StorageProvider> {
  return {
    list: async function* (options) {
      let last: string | undefined;
      for await (const batch of honest.list(options)) {
        const shown = batch.filter(({ key }) => {
          const isHidden = last !== undefined && key.startsWith(`${last}/`);
          if (!isHidden) last = key;
          return !isHidden;
        });
        if (shown.length > 0) yield shown;
      }
    },
  };
}

function under(honest: StorageProvider, change: (key: string) => string): Partial<StorageProvider> {
  const changed = (key: ListedKey): ListedKey => listedKey(change(key));
  return {
    get: (key, options) => honest.get(changed(key), options),
    stat: (key, options) => honest.stat(changed(key), options),
    remove: (keys, options) => honest.remove(keys.map(changed), options),
  };
}
