export const UTC = 'UTC';

/** Names of the IANA database, as sessions give them. */
const NAME = /^[A-Za-z][\w+/-]{0,63}$/;
/** Making one takes longer than a page of rows. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** A timezone under the name that clients know it by. @returns undefined where there is none of that name. */
export function knownTimezone(name: string): string | undefined {
  if (!NAME.test(name)) return undefined;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch {
    return undefined;
  }
}

/** Databend's `YYYY-MM-DD HH:MM:SS.ffffff`, in the timezone of the session. */
export function timestampText(time: Date, timezone: string): string {
  const [date = '', fraction = ''] = time.toISOString().replace('T', ' ').slice(0, -1).split('.');
  return `${timezone === UTC ? date : formatOf(timezone).format(time)}.${fraction}000`;
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const cached = FORMATS.get(timezone);
  if (cached !== undefined) return cached;
  const twoDigits = {
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  } as const;
  // Swedish dates are written as SQL's.
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    year: 'numeric',
    ...twoDigits,
    hourCycle: 'h23',
  });
  FORMATS.set(timezone, format);
  return format;
}
