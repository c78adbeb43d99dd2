//! The date of a weekly file, which only its name tells: `ServiceTags_Public_20251103.json`.

use jiff::civil::Date;

/// The date in a file's name: eight digits before its ending, behind `_`.
///
/// ```
/// use portbook::ranges::date::date_in_name;
///
/// assert_eq!(date_in_name("x/ServiceTags_Public_20251103.json").unwrap().to_string(), "2025-11-03");
/// assert_eq!(date_in_name("ServiceTags_Public_Latest.json"), None);
/// ```
pub fn date_in_name(name: &str) -> Option<Date> {
    let file = name.rsplit(['/', '\\']).next()?;
    let digits =
        file.split(['_', '.']).find(|part| part.len() == 8 && part.bytes().all(|b| b.is_ascii_digit()))?;
    let (year, rest) = digits.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Days from a file's date to today; nothing for a date to come.
pub fn age_in_days(date: Date, today: Date) -> Option<u32> {
    let days = date.until(today).ok()?.get_days();
    u32::try_from(days).ok()
}
