//! Passwords that would be among the first to be tried.
//!
//! zxcvbn knows the common ones, words, names, dates, keyboard walks and the usual disguises, and estimates how many
//! guesses a password withstands. Long or odd input makes it slow, so it sees only so much of it.
use super::input::{DisplayName, Email};
use zxcvbn::{Score, feedback::Warning, zxcvbn};

/// As much of a password is judged. Whoever needs more for a hard beginning is the exception.
const JUDGED_CHARS: usize = 40;

/// Signs that stand for letters, which a judge tries in every combination: with digits and `@!$` that is some hundred,
/// with these as well it would be thousands.
const RARE_DISGUISES: [char; 7] = ['(', '{', '[', '<', '|', '+', '%'];

/// What is known of the person: nobody else's password is it as likely to be in.
#[derive(Debug, Clone)]
pub(super) struct About(Vec<String>);

impl About {
    /// A person with this address and name.
    pub(super) fn person(email: &Email, name: &DisplayName) -> Self {
        Self::words(email.as_str(), name.as_str())
    }

    /// A person whose address and name are stored.
    pub(super) fn words(email: &str, name: &str) -> Self {
        let parts = email.split(['@', '.', '-', '_', '+']);
        let names = name.split_whitespace();
        let words = parts.chain(names).chain([email, name, "flashfit"]);
        let telling = words.filter(|word| word.chars().count() > 2);
        Self(telling.map(str::to_lowercase).collect())
    }
}

/// Why a password would be guessed soon; `None` where it withstands a hundred million guesses. Slow: takes milliseconds.
pub(super) fn weakness(password: &str, about: &About) -> Option<&'static str> {
    let plain = |c: char| if RARE_DISGUISES.contains(&c) { '~' } else { c };
    let judged: String = password.chars().take(JUDGED_CHARS).map(plain).collect();
    let known: Vec<&str> = about.0.iter().map(String::as_str).collect();
    let verdict = zxcvbn(&judged, &known);
    if verdict.score() >= Score::Three {
        return None;
    }
    let warning = verdict.feedback().and_then(|feedback| feedback.warning());
    Some(warning.map_or(
        "there is too little in it that is not in a dictionary",
        words,
    ))
}

fn words(warning: Warning) -> &'static str {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess
        | Warning::ShortKeyboardPatternsAreEasyToGuess => "it is a walk over the keyboard",
        Warning::RepeatsLikeAaaAreEasyToGuess
        | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => "it repeats itself",
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword => "many people have it",
        Warning::ThisIsSimilarToACommonlyUsedPassword => {
            "it is much like one that many people have"
        }
        Warning::SequencesLikeAbcAreEasyToGuess => "it is a sequence",
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => {
            "years and dates are tried early"
        }
        Warning::AWordByItselfIsEasyToGuess => "it is one word, or words about you",
        Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => "names are tried early",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Instant;

    fn ann() -> About {
        About::words("ann.lee@wardrobe.example", "Annabel Lee")
    }

    #[test]
    fn what_would_be_tried_first_is_refused() {
        for weak in [
            "passwordpassword",
            "Password2026!",
            "P@ssw0rd12345",
            "123456789012",
            "qwertyuiop[]",
            "1q2w3e4r5t6y",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabc",
            "abcdefghijkl",
            "iloveyou2026",
            "letmein12345",
            "flashfit2026",
            "flashfitflashfit",
            "ann.lee@wardrobe.example",
            "annabelannabel",
            "administrator",
            "princess1987!",
            "trustno1trustno1",
        ] {
            assert!(weakness(weak, &ann()).is_some(), "{weak}");
        }
    }

    #[test]
    fn what_withstands_guessing_is_accepted() {
        for good in [
            "correct horse battery",
            "a much better password",
            "a rather long password",
            "kB7#mq2!xR9z",
            "seven green umbrellas",
            "vier blaue schafe im regen",
            "ein lila elefant",
            "ééé çà va très bien",
            "юбка висит в шкафу",
            "Ω(9|Z{k[7<q+2%X",
        ] {
            assert_eq!(weakness(good, &ann()), None, "{good}");
        }
    }

    #[test]
    fn the_same_words_are_fine_for_somebody_else() {
        let address = "ann.lee@wardrobe.example";
        assert!(weakness(address, &ann()).is_some());
        assert_eq!(weakness(address, &About::words("x@y.z", "Zoë")), None);
    }

    /// Every sign that may stand for a letter at once, as long as can be.
    #[test]
    fn nothing_makes_the_judge_think_for_long() {
        let signs = "4@8({[<3691!|70$5+%2".repeat(10);
        let started = Instant::now();
        weakness(&signs, &ann());
        weakness(&"4@8 3691! 70$5 2 password ".repeat(8), &ann());
        weakness(&"ab".repeat(100), &ann());
        let took = started.elapsed();
        assert!(took.as_secs() < 10, "{took:?}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn every_text_can_be_judged(password in "\\PC{12,60}", email in "\\PC{0,40}") {
            weakness(&password, &About::words(&email, "Ann"));
        }
    }
}
