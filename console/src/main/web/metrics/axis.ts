/**
 * What stands below a time axis: the time of day by the rule of the language (2:30 PM, 14:30), and the day where it begins.
 * Where each mark is a day or more from the next, the day alone.
 *
 * @param times of the marks, in seconds since 1970
 */
export function timeLabels(times: readonly number[], locale: string): string[] {
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const isDaily = times.length > 1 && times[1]! - times[0]! >= DAY - HOUR;
  let before: string | undefined;
  return times.map((seconds) => {
    const date = new Date(seconds * 1000);
    const at = day.format(date);
    const isNew = at !== before;
    before = at;
    return isDaily ? at : isNew ? `${time.format(date)}\n${at}` : time.format(date);
  });
}

const HOUR = 3600;
/** Less an hour where clocks are put forward. */
const DAY = 24 * HOUR;
