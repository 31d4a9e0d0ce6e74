//! Programs in few words, by what they say of themselves: "Firefox on Linux".

/// More than this of an unknown name is not worth showing.
const LONGEST_CHARS: usize = 40;

/// What marks a browser, and its name; the first that fits counts, since many claim to be others as well.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// What marks a system, and its name; the first that fits counts.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// The program that sends this `User-Agent`; `None` where it says nothing that could be shown. At most 80 characters.
pub(super) fn summary(user_agent: &str) -> Option<String> {
    let find = |known: &[(&str, &'static str)]| {
        let found = known.iter().find(|(mark, _)| user_agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => Some(format!("{browser} on {system}")),
        (Some(browser), None) => Some(browser.to_owned()),
        (None, _) => product(user_agent),
    }
}

/// The first product that is named, without its version.
fn product(user_agent: &str) -> Option<String> {
    let first = user_agent.split(['/', ' ', '(']).next()?;
    let shown = first.chars().filter(|c| !c.is_control());
    let name: String = shown.take(LONGEST_CHARS).collect();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn browsers_and_programs_are_told_apart() {
        for (says, summed_up) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 \
                 Safari/537.36 Edg/143.0.0.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 \
                 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            ("curl/8.14.1", "curl"),
            ("python-requests/2.32", "python-requests"),
            ("closet robot", "closet"),
        ] {
            assert_eq!(summary(says).as_deref(), Some(summed_up), "{says}");
        }
        assert_eq!(summary(""), None);
    }

    proptest! {
        /// The database would answer a longer one with an error.
        #[test]
        fn whatever_is_said_fits_the_table(says in "\\PC{0,200}") {
            prop_assert!(summary(&says).is_none_or(|told| (1..=80).contains(&told.chars().count())));
        }
    }
}
