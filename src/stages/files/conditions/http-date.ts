const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const OBSOLETE = /^(\w{3})[a-z]{3,6}, (\d\d)-(\w{3})-(\d\d) (\d\d:\d\d:\d\d) GMT$/;
const ASCTIME = /^(\w{3}) (\w{3}) ([ \d]\d) (\d\d:\d\d:\d\d) (\d{4})$/;
/**
 * Maximum number of years ahead for a year of two digits; later ones belong to the previous century (RFC 9110 5.6.7).
 */
const FUTURE_YEARS = 50;

/** Parses an HTTP date in any of its three forms. @returns seconds since 1970; undefined for an invalid date. */
export function httpDate(text: string): number | undefined {
  const usual = withoutLeapSecond(fixdateForm(text.trim()));
  const [, day, month = '', year, time] =
    /^\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d:\d\d:\d\d) GMT$/.exec(usual) ?? [];
  if (day === undefined || !MONTHS.includes(month)) return undefined;
  const date = new Date(`${String(year)}-${twoDigits(MONTHS.indexOf(month) + 1)}-${day}T${String(time)}Z`);
  const isDate = !Number.isNaN(date.getTime()) && date.toUTCString() === usual;
  return isDate ? date.getTime() / 1000 : undefined;
}

/** Replaces a leap second (RFC 9110 5.6.7) by the second before it: JavaScript dates have none. */
function withoutLeapSecond(text: string): string {
  return text.replace(/:59:60 GMT$/, ':59:59 GMT');
}

/** Truncates a date to whole seconds, the precision of HTTP dates. */
export function secondsOf(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function fixdateForm(text: string): string {
  const [, weekday, day, month, shortYear, time] = OBSOLETE.exec(text) ?? [];
  if (weekday !== undefined) {
    return `${weekday}, ${String(day)} ${String(month)} ${String(fullYear(Number(shortYear)))} ${String(time)} GMT`;
  }
  const asctime = ASCTIME.exec(text);
  if (asctime === null) return text;
  const [, dayName = '', monthName = '', date = '', clock = '', year = ''] = asctime;
  return `${dayName}, ${date.replace(' ', '0')} ${monthName} ${year} ${clock} GMT`;
}

function fullYear(twoDigitYear: number): number {
  const now = new Date().getUTCFullYear();
  const year = now - (now % 100) + twoDigitYear;
  return year > now + FUTURE_YEARS ? year - 100 : year;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
