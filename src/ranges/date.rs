//! The date of a weekly file, which only its name tells: `ServiceTags_Public_20251103.json`.

use jiff::civil::Date;

/// The date in a file's name: the eight digits behind its last `_`.
///
/// ```
/// use portbook::ranges::date::date_in_name;
///
/// assert_eq!(date_in_name("x/ServiceTags_Public_20251103.json").unwrap().to_string(), "2025-11-03");
/// assert_eq!(date_in_name("ServiceTags_Public_Latest.json"), None);
/// ```
pub fn date_in_name(name: &str) -> Option<Date> {
    let file = name.rsplit(['/', '\\']).next()?;
    let digits = file.rsplit('_').next()?.split('.').next()?;
    if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Days from a file's date to today; below zero for a date to come.
pub fn age_in_days(date: Date, today: Date) -> i32 {
    date.until(today).map_or(0, |span| span.get_days())
}
