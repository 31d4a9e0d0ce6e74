//! What a statement is called in metrics: its verb and its first table, both out of closed sets.
use std::{collections::BTreeSet, sync::LazyLock};

/// Statements that are called by their first word alone.
const BARE: [&str; 8] = [
    "begin",
    "commit",
    "rollback",
    "savepoint",
    "release",
    "listen",
    "set",
    "with",
];

/// Verbs, and the word that a table follows.
const VERBS: [(&str, &str); 4] = [
    ("select", "from"),
    ("insert", "into"),
    ("update", "update"),
    ("delete", "from"),
];

/// A table that diesel never sees: the change feed is plain SQL.
const UNSEEN: &str = "changes";

/// Every name there can be: verbs alone, and verbs with each table of the schema.
static NAMES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let schema = include_str!("schema.rs");
    let tables: Vec<&str> = schema
        .split("diesel::table!")
        .skip(1)
        .filter_map(|text| words(text).next())
        .chain([UNSEEN])
        .collect();
    let bare = BARE.iter().map(|verb| (*verb).to_owned());
    let verbs = VERBS.iter().flat_map(|(verb, _)| {
        let with_table = tables.iter().map(move |table| format!("{verb} {table}"));
        with_table.chain([(*verb).to_owned()])
    });
    verbs.chain(bare).chain(["other".to_owned()]).collect()
});

/// The name of a statement. A statement about no table of the schema is called by its verb.
pub(super) fn name(sql: &str) -> &'static str {
    let verb = words(sql).next().unwrap_or_default().to_ascii_lowercase();
    let follows = VERBS.iter().find(|(known, _)| *known == verb);
    let table = follows.and_then(|(_, before)| {
        words(sql)
            .skip_while(|word| !word.eq_ignore_ascii_case(before))
            .nth(1)
    });
    let named = table.and_then(|table| known(&format!("{verb} {}", table.to_ascii_lowercase())));
    named.or_else(|| known(&verb)).unwrap_or("other")
}

fn known(name: &str) -> Option<&'static str> {
    NAMES.get(name).map(String::as_str)
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    sql.split(move |c| !is_part(c))
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_called_by_verb_and_first_table() {
        for (sql, expected) in [
            (
                r#"SELECT "items"."id", "items"."owner" FROM "items" WHERE ("items"."owner" = $1)"#,
                "select items",
            ),
            (
                "insert into \"feedback_events\" (id) values ($1)",
                "insert feedback_events",
            ),
            ("UPDATE \"users\" SET x = 1", "update users"),
            ("delete from changes where true", "delete changes"),
            (
                "select count(*) from changes where xid >= $1",
                "select changes",
            ),
            ("SELECT $1", "select"),
            ("select * from pg_stat_activity", "select"),
            ("BEGIN", "begin"),
            ("listen flashfit_changes", "listen"),
            ("vacuum someones_diary", "other"),
            ("", "other"),
        ] {
            assert_eq!(name(sql), expected, "{sql}");
        }
    }

    #[test]
    fn there_are_as_many_names_as_verbs_and_tables_make() {
        assert!(known("select items").is_some() && known("delete user_states").is_some());
        assert!(
            NAMES.len() < 300,
            "{} names are too many series",
            NAMES.len()
        );
    }
}
