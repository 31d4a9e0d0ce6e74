//! Colours that people mix up, so that a wrong name is a near one.

const NEIGHBOURS: &[&str] = &[
    "navy black blue grey purple teal",
    "grey black white light-blue beige brown olive navy silver",
    "white cream light-blue beige pink grey",
    "cream beige yellow white",
    "brown beige orange burgundy black olive grey gold",
    "blue navy light-blue teal",
    "light-blue blue teal grey white",
    "green olive teal yellow",
    "red burgundy orange pink",
    "purple pink burgundy navy",
    "orange yellow red brown",
    "gold yellow beige brown",
    "silver grey white",
];

/// Whether two names are the same colour or neighbours.
#[must_use]
pub fn is_near(one: &str, other: &str) -> bool {
    let is_pair = |words: &&str| {
        let mut words = words.split(' ');
        let first = words.next();
        let others: Vec<&str> = words.collect();
        (first == Some(one) && others.contains(&other))
            || (first == Some(other) && others.contains(&one))
    };
    one == other || NEIGHBOURS.iter().any(is_pair)
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn neighbours_are_near_both_ways_and_others_are_not() {
        assert!(is_near("navy", "black") && is_near("black", "navy") && is_near("red", "red"));
        assert!(!is_near("red", "green") && !is_near("black", "white"));
    }
}
