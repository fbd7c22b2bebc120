export const UTC = 'UTC';

/** A name of the IANA database. */
const NAME = /^[A-Za-z][\w+/-]{0,63}$/;
/** Creating a format takes longer than writing a page of rows. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Returns a timezone's name as clients know it. @returns undefined if there is no such timezone. */
export function canonicalTimezone(name: string): string | undefined {
  if (!NAME.test(name)) return undefined;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch {
    return undefined;
  }
}

/** Writes a time as Databend does: `YYYY-MM-DD HH:MM:SS.ffffff`, in the session's timezone. */
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
  // Swedish dates have the format of SQL.
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    year: 'numeric',
    ...twoDigits,
    hourCycle: 'h23',
  });
  FORMATS.set(timezone, format);
  return format;
}
