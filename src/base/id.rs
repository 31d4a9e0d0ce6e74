//! Typed ids: a user's id cannot be passed where an item's is meant.
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Makes a fresh, time-ordered id (UUID version 7).
            #[must_use]
            #[expect(clippy::disallowed_methods, reason = "the one place that makes ids")]
            #[expect(clippy::new_without_default, reason = "an id is made on purpose")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(/** An account. */ UserId);
id!(/** A garment. */ ItemId);
id!(/** A stored photo. */ ImageId);
id!(/** An outfit that was suggested. */ OutfitId);
id!(/** One entry of the feedback log. */ EventId);
id!(/** A personal API token. */ TokenId);
id!(/** A sign-in that lasts. */ SessionId);
id!(/** An entry of the audit log. */ AuditId);
id!(/** A rule that was added or changed by an administrator. */ RuleId);
id!(/** A time in which alerts are not told. */ SilenceId);
id!(/** An entry of the history of alerts. */ HistoryId);
id!(/** Whoever wrote what is known of alerts. */ WriterId);
id!(/** A message about alerts on its way to a receiver. */ MessageId);
id!(/** One HTTP request, as it appears in logs and problem documents. */ RequestId);
